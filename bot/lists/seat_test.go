package lists

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/catalog"
	"latchkey/workflow/query"
)

// seatIn is a question about a seat in a state.
func seatIn(state access.ReclaimState) access.Reclaim {
	at := bottest.Minute(0)
	return access.Reclaim{
		ID: "RC-1", App: "figma", Role: "editor", State: state, Asked: at, Until: at.Add(catalog.Week), Decided: at.Add(time.Hour), Why: "The *fair* <@U1>",
		Rule: access.ReclaimRule{Threshold: 60 * catalog.Day, Grace: catalog.Week, Postpone: 30 * catalog.Day, Postpones: 1, Issue: catalog.OriginalIssue},
		Seen: access.Idleness{Source: "sign-ins in Okta's System Log", Reach: at.Add(-90 * catalog.Day)}, Issue: access.Issue{Key: "IT-9", URL: "https://jira.acme.example/browse/IT-9"},
	}
}

// TestWhatIsSaidOfASeat beside the access: how the question stands, and what was said only to those who look after it.
func TestWhatIsSaidOfASeat(t *testing.T) {
	for state, want := range map[access.ReclaimState][2]string{
		access.ReclaimAsked: {"Without an answer it is taken away <!date"}, access.ReclaimChecking: {"is up."}, access.ReclaimPostponed: {"is asked again <!date"},
		access.ReclaimNeeded: {"Said to be still needed, <!date", "fair* &lt;@U1&gt;"}, access.ReclaimInUse: {"Used again"}, access.ReclaimExempt: {"Left out", "fair* &lt;@U1&gt;"},
		access.ReclaimCancelled: {""}, access.ReclaimRemoving: {""}, "": {""},
	} {
		r := seatIn(state)
		short, full := SeatText(r, false), SeatText(r, true)
		if !strings.Contains(short, want[0]) || want[0] == "" && full != "" || strings.Contains(short, "fair") || !strings.Contains(full, want[1]) {
			t.Errorf("%q: it says %q, in full %q", state, short, full)
		}
		if got := openSeat(r); (got != "") != r.Answers() {
			t.Errorf("%q: its holder reads %q", state, got)
		}
	}
}

// TestASeatWaitsForItsHolder in the list of what does, with all there is to answer, and where they see what they have.
func TestASeatWaitsForItsHolder(t *testing.T) {
	c := catalog.New([]catalog.App{{ID: "figma", Name: "Figma <b>", Roles: []catalog.Role{{ID: "editor", Name: "Editor"}}}}, nil)
	row := waitingRow(c, cards.Config{}, query.Waiting{For: query.WaitsForSeat, Seat: seatIn(access.ReclaimAsked)}, bottest.Maya().ID, nil)
	text := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": row.Blocks()}))
	for _, want := range []string{"Do you still need *Figma &lt;b&gt; · Editor*?", "No use is on record in sign-ins in Okta's System Log", "taken away <!date", "IT-9", "[Still need it…] seat_needed RC-1", "[Give it back] seat_return", "[Remind me in 30 days] seat_later"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	bottest.WantMessageWithinLimits(t, "Seat", row.Blocks())
	if text := waitingRow(c, cards.Config{}, query.Waiting{For: query.WaitsForSeat, Seat: seatIn(access.ReclaimChecking)}, bottest.Maya().ID, nil).Text; !strings.Contains(text, "looked once more") {
		t.Errorf("the time is up, and it says:\n%s", text)
	}
	held := heldRow(c, query.Holding{Grant: access.Grant{App: "figma", Role: "editor", Request: "AR-1", State: access.GrantActive}, Seat: seatIn(access.ReclaimAsked)}, bottest.Minute(0))
	if !strings.Contains(held.Text, "asked whether it is still needed") || strings.Contains(blocks.Lines(held.Text), "fair") {
		t.Errorf("their own access says:\n%s", held.Text)
	}
}
