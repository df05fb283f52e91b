/**
 * What clients of Dameng's databases have on their side, whatever cluster is at the other end: the
 * file of services, and the driver's choice of an instance.
 */
package halab.systems.dm;
