/** The disk tool dmasmcmd: its commands, refusals and texts, over disks and files of the edge. */
package halab.systems.dsc.asmcmd;
