/**
 * What all of Dameng's clusters have in common: what clients have on their side (the file of
 * services, the driver's choice of an instance), and parts of the vendor's views.
 */
package halab.systems.dm;
