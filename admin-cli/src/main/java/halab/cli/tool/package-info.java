/** Vendors' tools and service scripts at the operator's hand: what they reach of a live lab. */
package halab.cli.tool;
