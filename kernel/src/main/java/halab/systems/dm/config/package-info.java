/**
 * What Dameng's systems share of their configuration: how a file of keys is read, checked and
 * written, and the MAL file that they all have. Knows nothing of what one system's files mean.
 */
package halab.systems.dm.config;
