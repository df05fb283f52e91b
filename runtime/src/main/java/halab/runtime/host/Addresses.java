package halab.runtime.host;

import halab.admin.proto.SetAddressRequest;
import java.util.List;
import java.util.function.Consumer;

/** Addresses that the daemons of a host bring up and take down on its network cards. */
interface Addresses {
  /** Tries it; {@code done} gets what went wrong, or an empty text, on any thread. */
  void set(SetAddressRequest request, Consumer<String> done);

  /** "CARD ADDRESS" of every movable address that is up on this host now. */
  List<String> held();
}
