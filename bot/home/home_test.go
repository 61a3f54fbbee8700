package home

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/lists"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/catalog"
	"latchkey/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// town is a Home over a house, and what it published.
type town struct {
	*Home
	house *bottest.House
	slack *bottest.Recorder
}

func newTown(t *testing.T) *town {
	h := bottest.NewHouse(t, catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes()), bottest.Members{})
	slack := &bottest.Recorder{}
	answers := respond.New(respond.Config{API: slack, People: h.Flow.People, Refusals: h.Flow, Logger: slog.New(slog.DiscardHandler)})
	w := &town{house: h, slack: slack}
	w.Home = New(Config{API: slack, Respond: answers, Lists: lists.New(lists.Config{Query: h.Flow.Query, People: h.Flow.People, Catalog: h.Catalog, Now: h.Clock.Now}), People: h.Flow.People, Weeks: h.Flow.Query, Pauses: h.Flow.Query, Notices: h.Flow.Notices, Decides: h.Flow.Query, Delegations: h.Flow.Delegations})
	return w
}

// finish waits for what is being published, and returns the latest of it.
func (w *town) finish(t *testing.T) string {
	t.Helper()
	if err := w.respond.Close(context.Background()); err != nil {
		t.Error(err)
	}
	return w.slack.Last().JSON
}

func TestHomeShowsWhatConcernsItsReader(t *testing.T) {
	for name, c := range map[string]struct {
		situation, user string
		want, not       []string
	}{
		"who asked":   {"asked", bottest.MayaID, []string{"Your requests (1)", "You have no access through Latchkey yet.", "Request access"}, []string{"Waiting for you", "The last seven days"}},
		"who decides": {"asked", bottest.NoorID, []string{"Waiting for you (1)", "Approve"}, []string{"The last seven days"}},
		"IT":          {"stuck", bottest.OmarID, []string{"Stuck (1)", "The last seven days"}, nil},
		"a guest":     {"asked", bottest.GuestID, []string{"Guest accounts can't request"}, []string{"Request access"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			for _, id := range []string{bottest.MayaID, bottest.NoorID, bottest.OmarID} {
				if _, err := w.house.Flow.People.Who(t.Context(), id); err != nil {
					t.Fatal(err)
				}
			}
			w.house.Keep(bottest.Situations()[c.situation])
			w.Opened(c.user, payload.View{})
			got := w.finish(t)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in\n%s", want, got)
				}
			}
			for _, not := range c.not {
				if strings.Contains(got, not) {
					t.Errorf("%q is in\n%s", not, got)
				}
			}
		})
	}
}

// What a tab carries tells it from others, even after a restart.
func TestTheSameIsNotPublishedTwice(t *testing.T) {
	w := newTown(t)
	digest, _, err := w.publish(t.Context(), bottest.MayaID, shownPages{})
	if err != nil {
		t.Fatal(err)
	}
	if again, _, err := w.publish(t.Context(), bottest.MayaID, shownPages{Digest: digest}); err != nil || again != digest || len(w.slack.Shown()) != 1 {
		t.Errorf("published %d times, %v", len(w.slack.Shown()), err)
	}
}

func TestChangesReachOnlyOpenedTabs(t *testing.T) {
	w := newTown(t)
	maya, omar := bottest.WithAccount(bottest.Maya(), bottest.MayaID), bottest.WithAccount(bottest.Omar(), bottest.OmarID)
	w.Changed(maya)
	w.Changed(access.Person{})
	w.tabs.note(bottest.OmarID, shownPages{})
	w.tabs.begin(bottest.OmarID)
	w.tabs.done(bottest.OmarID, "", true)
	w.Changed(access.Person{}) // nobody in particular: IT
	w.Changed(omar)
	w.finish(t)
	for _, s := range w.slack.Shown() {
		if s.ID != bottest.OmarID {
			t.Errorf("published for %s", s.ID)
		}
	}
	if len(w.slack.Shown()) == 0 {
		t.Error("IT's tab wasn't brought up to date")
	}
}

func TestPagesAreTurned(t *testing.T) {
	w := newTown(t)
	w.house.Fill("Figma")
	next := w.Routes().Click(callback, blocks.ActionAfter)
	in := payload.Interaction{User: payload.Ref{ID: bottest.OmarID}, View: payload.View{CallbackID: callback, Metadata: `{"h":10}`}}
	if err := next(t.Context(), in, payload.Action{Block: blockDecide, Value: "7"}); err != nil {
		t.Fatal(err)
	}
	if got := w.finish(t); !strings.Contains(got, "8–14 of 120") || !strings.Contains(got, `\"h\":10`) {
		t.Errorf("it reads\n%.400s", got)
	}
}

// The tab says how much its reader is told, and offers the other choices.
func TestHowMuchSomebodyIsToldIsChosen(t *testing.T) {
	w := newTown(t)
	w.Opened(bottest.MayaID, payload.View{})
	p, err := w.house.Flow.People.Who(t.Context(), bottest.MayaID)
	if err != nil {
		t.Fatal(err)
	}
	in := payload.Interaction{User: payload.Ref{ID: bottest.MayaID}, View: payload.View{CallbackID: callback}}
	for _, c := range choices() {
		if err := w.Routes().Click(callback, c.action())(t.Context(), in, payload.Action{Value: string(c.notices)}); err != nil {
			t.Fatal(err)
		}
		if now, err := w.house.Flow.Notices.Notices(t.Context(), p.ID); err != nil || now != c.notices {
			t.Errorf("kept is %s, %v", now, err)
		}
		v, err := w.read(t.Context(), bottest.MayaID, shownPages{})
		if err != nil {
			t.Fatal(err)
		}
		got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": v.blocks()}))
		if !strings.Contains(got, c.meaning+" "+alwaysTold) || strings.Contains(got, "["+c.label+"]") || strings.Count(got, "notices_") != 2 {
			t.Errorf("%s reads\n%s", c.notices, got)
		}
	}
	if err := w.prefer(t.Context(), in, payload.Action{Value: "never"}); err != nil {
		t.Errorf("what is no choice: %v", err)
	}
	if now, err := w.house.Flow.Notices.Notices(t.Context(), p.ID); err != nil || !now.Valid() {
		t.Errorf("kept is %s, %v", now, err)
	}
	w.finish(t)
}

func TestEveryListHasPagesOfItsOwn(t *testing.T) {
	w := newTown(t)
	w.finish(t) // nothing is published from here on
	for block, want := range map[string]shownPages{blockHeld: {Held: 7}, blockAsked: {Asked: 7}, blockDecide: {Decide: 7}, blockStuck: {Stuck: 7}, blockPast: {Past: 7}, blockKnown: {Known: 7}, blockCompared: {Compared: 7}} {
		in := payload.Interaction{User: payload.Ref{ID: block}}
		if err := w.turnPage(t.Context(), in, payload.Action{Block: block, Value: "7"}); err != nil || w.tabs.open[block].pages != want {
			t.Errorf("%s: %+v, %v", block, w.tabs.open[block].pages, err)
		}
	}
}

func TestTabsKnowWhatIsBeingPublished(t *testing.T) {
	var tb tabs
	if _, mine := tb.begin("U1"); mine {
		t.Error("a tab nobody opened is published")
	}
	tb.note("U1", shownPages{Held: 5})
	if m, mine := tb.begin("U1"); !mine || m.Held != 5 {
		t.Error("an opened tab isn't published")
	}
	if _, mine := tb.begin("U1"); mine {
		t.Error("two publish at once")
	}
	if again := tb.done("U1", "d", true); !again {
		t.Error("what changed meanwhile is forgotten")
	}
	if got := tb.staff(); len(got) != 1 || tb.done("U2", "", false) {
		t.Errorf("IT is %v", got)
	}
	for i := range 3 * remembered {
		tb.note(string(rune(0x4e00+i)), shownPages{})
	}
	if len(tb.open) > remembered {
		t.Errorf("%d tabs are remembered", len(tb.open))
	}
}

// Everything there can be on it at once, with pages to turn in each list.
func TestHomeStaysWithinLimits(t *testing.T) {
	for _, name := range []string{"amps", "emoji", "lines", "long"} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			text := bottest.EvilTexts()[name]
			w.house.Fill(text)
			apps := slices.Clone(w.house.Catalog().Apps())
			apps[0].Owners = []string{string(bottest.Omar().Email)}
			w.house.Offer(catalog.New(apps, bottest.ApprovalRoutes()))
			w.house.Put(func(tx store.Tx) error {
				return errors.Join(everythingElse(tx, w.house, text), waitingElse(tx, w.house, text))
			})
			v, err := w.read(t.Context(), bottest.OmarID, shownPages{Decide: 7, Stuck: 5, Compared: 5, Held: 7, Asked: 5, Past: 3, Known: 3})
			if err != nil {
				t.Fatal(err)
			}
			v.pause = blocks.Paused(bottest.Monday(), text)
			for _, l := range slices.Concat(v.waiting, v.overseen, v.own) {
				if l.total <= 2*l.size || l.from != l.size {
					t.Errorf("%s shows from %d, %d of %d", l.name, l.from, l.size, l.total)
				}
			}
			bottest.WantBlocksWithinLimits(t, v.blocks(), 100)
			v, err = w.read(t.Context(), bottest.OmarID, shownPages{Decide: 119})
			if err != nil {
				t.Fatal(err)
			}
			got := bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": v.blocks()}))
			for _, button := range []string{"[Answer…]", "[Justified]", "[Not justified…]", "] done AR-BYHAND", "[Approve"} {
				if !strings.Contains(got, button) {
					t.Errorf("%s is missing in\n%s", button, got)
				}
			}
			bottest.WantBlocksWithinLimits(t, v.blocks(), 100)
		})
	}
}

// waitingElse is what waits for Omar besides decisions: a question, an emergency to judge and a
// change by hand.
func waitingElse(tx store.Tx, h *bottest.House, text string) error {
	app := h.Catalog().Apps()[0]
	last := access.FollowUp{Since: h.Clock.Now().Add(time.Hour)}
	asked := access.Request{ID: "AR-ASKED", Requester: bottest.Omar().ID, Beneficiary: bottest.Noor().ID, Unlisted: text, State: access.RequestPending, Questioned: true, FollowUp: last, Stages: []access.Stage{{}}, Conversation: "https://acme.slack.com/" + text, Issue: access.Issue{ID: "1", Key: text, URL: "https://jira.acme.example/browse/IT-1"}}
	judged := asked
	judged.ID, judged.Unlisted, judged.App, judged.Role, judged.State, judged.Questioned, judged.BreakGlass = "AR-JUDGED", "", app.ID, app.Roles[0].ID, access.RequestApproved, false, true
	judged.Requester, judged.Reason, judged.Incident, judged.Decided, judged.Review = judged.Beneficiary, text, text, last.Since, &access.Review{Asked: []access.PersonID{bottest.Omar().ID}}
	made := judged
	made.ID, made.BreakGlass, made.Review = "AR-BYHAND", false, nil
	g := access.Grant{ID: made.GrantID(), Request: made.ID, Person: made.Beneficiary, App: made.App, Role: made.Role, State: access.GrantManual, Manual: true, FollowUp: last}
	return errors.Join(store.PutRequest(tx, &asked), store.PutRequest(tx, &judged), store.PutRequest(tx, &made), store.PutGrant(tx, &g))
}

// everythingElse is what Fill has none of: much that is over, that isn't as granted, and that is
// known of Omar.
func everythingElse(tx store.Tx, h *bottest.House, text string) error {
	omar, err := store.Person(tx, bottest.Omar().ID)
	if err != nil {
		return err
	}
	for i := range 20 {
		at := h.Clock.Now().Add(-time.Duration(i) * time.Hour)
		r := access.Request{ID: fmt.Sprint("AR-OVER", i), Requester: bottest.Omar().ID, Beneficiary: bottest.Omar().ID, Unlisted: fmt.Sprint(i, text), State: access.RequestDenied, Decided: at}
		omar.Bindings = append(omar.Bindings, access.Binding{System: fmt.Sprint("dir", i), ID: "1", How: text, Level: access.AssuranceFirst, Since: at})
		if err := store.PutRequest(tx, &r); err != nil {
			return err
		}
	}
	var s access.Survey
	s.At, s.Problems, s.More = h.Clock.Now(), []string{text, text, text, text}, 3
	for i := range 5 {
		d := access.Delegation{ID: fmt.Sprint("D-", i), Delegator: bottest.Noor().ID, Delegate: bottest.Omar().ID, From: s.At, Until: s.At.Add(time.Hour), State: access.DelegationRunning}
		if err := store.PutDelegation(tx, &d); err != nil {
			return err
		}
	}
	for range 20 {
		s.Note(access.Mismatch{Person: bottest.Omar().ID, Group: catalog.GroupRef{Directory: "okta", Group: text}, App: text, Role: text, Left: true, Missing: true})
	}
	return errors.Join(store.PutPerson(tx, &omar), store.PutSurvey(tx, &store.Survey{Survey: s}))
}

// What there is none of takes a line, however much of it there is none of.
func TestEmptyListsTakeALine(t *testing.T) {
	w := newTown(t)
	w.Opened(bottest.OmarID, payload.View{})
	got := w.finish(t)
	for _, want := range []string{"Nothing is stuck. The groups weren't compared with the grants yet.", "You have no access through Latchkey yet. Nothing you asked for is open."} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	for _, not := range []string{"Waiting for you", "Your access", "Your requests", "Stuck (", "Over in", "Not as granted"} {
		if strings.Contains(got, not) {
			t.Errorf("%q is in\n%s", not, got)
		}
	}
}
