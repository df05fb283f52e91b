/**
 * The DSC monitor dmcssm: it watches every CSS, relays what they say and passes operators' commands
 * on. It takes part in no decision; the cluster works without it (reference 1.1, 5).
 */
package halab.systems.dsc.monitor;
