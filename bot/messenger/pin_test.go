package messenger

import (
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/workflow/notify"
)

func campaignCard(state access.CampaignState) notify.CardUpdate {
	c := notify.CampaignContent{Campaign: access.Campaign{ID: "RV-1", State: state, Review: catalog.Review{Name: "Quarterly"}}}
	return notify.CardUpdate{Content: c, Audience: notify.ToIT, Marker: "m1", Pin: c.Pin()}
}

// A card stands pinned while it is to be, and its pin isn't asked for twice.
func TestACardIsPinnedUntilItIsOver(t *testing.T) {
	w := inWorkspace(t)
	w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}})
	pinned := func(at notify.MessageRef) bool { m, _ := w.Message(at.Channel, at.TS); return m.Pinned }
	s := campaignCard(access.CampaignOpen)
	first := w.show(s)
	if !first.Pinned || first.Unpinned != "" || !pinned(first.At) {
		t.Errorf("shown %+v", first)
	}
	s.At, s.Digest, s.Pinned = first.At, first.Digest, first.Pinned
	if again := w.show(s); again != first || w.Stats()["pins.add"] != 1 {
		t.Errorf("shown again %+v, pinned %d times", again, w.Stats()["pins.add"])
	}
	over := campaignCard(access.CampaignClosed)
	over.At, over.Digest, over.Pinned = first.At, first.Digest, true
	if last := w.show(over); last.Pinned || last.Unpinned != "" || pinned(last.At) {
		t.Errorf("over %+v", last)
	}
	w.Clean()
}

// That Slack refuses a pin is said and keeps the card from nothing; that it is there already, or gone, is as it is to be.
func TestAPinThatIsRefused(t *testing.T) {
	scopes := slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return s == "pins:write" })
	bare := bottest.NewWorkspace(t, slack.Config{Scopes: scopes, Events: manifest.Events()})
	bare.AddChannel(slack.Channel{Name: "it-access", Members: []string{bare.Omar}})
	w := &world{bare, New(Config{API: bare.API, ITChannel: "#it-access"})}
	if got := w.show(campaignCard(access.CampaignOpen)); got.At.TS == "" || got.Pinned || got.Unpinned == "" {
		t.Errorf("without the scope: %+v", got)
	}
	for _, code := range []string{"permission_denied", "not_pinnable", "already_pinned"} {
		w := inWorkspace(t)
		w.AddChannel(slack.Channel{Name: "it-access", Members: []string{w.Omar}})
		w.AddFault(slack.Fault{Method: "pins.add", Times: 1, Error: code})
		got := w.show(campaignCard(access.CampaignOpen))
		if fine := code == "already_pinned"; got.At.TS == "" || got.Pinned != fine || (got.Unpinned == "") != fine {
			t.Errorf("%s: %+v", code, got)
		}
	}
}
