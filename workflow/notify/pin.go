package notify

import "latchkey/workflow/engine"

// Pinning is content that stands pinned in its channel, as long as Pin says so.
type Pinning interface{ Pin() bool }

// unpinned tells IT, once for a channel, that Slack doesn't have cards pinned there, and why. Nothing waits for a pin.
func unpinned(u *engine.Unit, posted CardPosted) error {
	refused := posted.Unpinned != ""
	if !refused && !posted.Pinned {
		return nil
	}
	news, err := u.Becomes("unpinned|"+posted.At.Channel, refused)
	if err != nil || !news || !refused {
		return err
	}
	return Announce(u, "unpinned/"+posted.At.Channel+"/"+u.At.Format("20060102T150405"), "", "A message couldn't be pinned here", posted.Unpinned+".",
		"It is there, and kept up to date all the same. I try again with its next change, and say no more of it.")
}
