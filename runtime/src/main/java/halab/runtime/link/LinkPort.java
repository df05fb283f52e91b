package halab.runtime.link;

import com.google.protobuf.Message;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Wire;
import halab.runtime.LabClock;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;

/** What every link of a process shares: who we are, and where things come from and go to. */
record LinkPort(
    Endpoint self,
    long incarnation,
    Lab lab,
    Net net,
    LabClock clock,
    Wire wire,
    FaultRules faults,
    Mailbox mailbox) {

  void tell(Event event) {
    mailbox.put(event);
  }

  boolean tell(Endpoint from, Message message) {
    return mailbox.offer(new Event.Received(from, message));
  }
}
