/**
 * The monitor dmmonitor of Data Watch: it shows what the watchers say, carries out operators'
 * commands through them, and as the confirm monitor judges for them and takes over when the primary
 * is lost (reference 5.7, 6).
 */
package halab.systems.dw.monitor;
