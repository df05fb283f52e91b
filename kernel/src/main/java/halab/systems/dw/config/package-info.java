/**
 * Data Watch's configuration files: what may stand in them, what they mean together, and the lab
 * that is made from them. Knows nothing of roles.
 */
package halab.systems.dw.config;
