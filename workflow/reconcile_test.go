package workflow_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow"
)

// registry is the world with ears: it keeps what is announced, and its members
// have the standing of their accounts.
type registry struct {
	*world
	heard []workflow.Notice
}

func (r *registry) Announce(_ context.Context, n workflow.Notice) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = append(r.heard, n)
	return nil
}

func (r *registry) Members(ctx context.Context, group string) (idp.Listing, error) {
	out, err := idp.Everybody(r.world.Members(ctx, group))
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range out {
		p := r.people[strings.TrimPrefix(out[i].PersonID, "00u-")]
		out[i].Status, out[i].LastLogin = p.Status, p.LastLogin
	}
	return idptest.Listing(out), err
}

func (r *registry) IsMember(_ context.Context, _, person string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.members[person], r.dir
}

// byHand puts people into the group, or takes them out, as an admin does.
func (r *registry) byHand(in bool, handles ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range handles {
		r.members["00u-"+h] = in
	}
}

func (r *registry) leaves(handle string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.people[handle]
	p.Status = idp.Left
	r.people[handle] = p
}

// last is the newest notice for IT, as one text.
func (r *registry) last() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range slices.Backward(r.heard) {
		if n.To.ID == "" {
			return n.Title + "\n" + strings.Join(n.Lines, "\n")
		}
	}
	return ""
}

// reconciled runs fn in a house that compares memberships with grants each day
// at six.
func reconciled(t *testing.T, policy catalog.Unrequested, fn func(*house, *registry)) {
	synctest.Test(t, func(t *testing.T) {
		r := &registry{world: newWorld()}
		h := &house{t: t, path: filepath.Join(t.TempDir(), "latchkey.db"), world: r.world}
		h.openWith(r, policy)
		defer func() { h.close() }()
		fn(h, r)
	})
}

func (h *house) openWith(r *registry, policy catalog.Unrequested) {
	h.t.Helper()
	s, err := bolt.Open(h.path, bolt.Options{NoSync: true})
	if err != nil {
		h.t.Fatal(err)
	}
	apps := slices.Clone(office().Apps())
	apps[0].Unrequested, apps[0].AdoptFor = policy, 30*catalog.Day
	route, _ := office().Route("manager")
	h.store = s
	h.Service = workflow.New(workflow.Config{
		Store: s, Catalog: catalog.New(apps, []catalog.Route{route}), Directories: []idp.Directory{r}, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
		Fallback: []access.Email{"omar@acme.example"}, Owner: "test", Calendar: workflow.Calendar{Lines: map[string]string{workflow.Reconcile: "0 6 * * *"}},
	})
	h.Connect(workflow.Ports{Ledger: r, Messenger: r, Roster: r})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Service.Run(ctx) }()
	h.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			h.t.Errorf("run: %v", err)
		}
	}
	synctest.Wait()
}

// held are the grants of a person that have not ended.
func (h *house) held(handle string) (out []access.Grant) {
	h.t.Helper()
	err := h.store.View(h.t.Context(), func(tx store.Tx) (err error) {
		out, err = store.OpenGrantsOf(tx, access.PersonID(handle+"@acme.example"))
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *house) says(r *registry, parts ...string) {
	h.t.Helper()
	for _, p := range parts {
		if !strings.Contains(r.last(), p) {
			h.t.Errorf("want %q in:\n%s", p, r.last())
		}
	}
}

func TestFirstLookChangesNothing(t *testing.T) {
	for _, policy := range []catalog.Unrequested{catalog.Alert, catalog.Adopt, catalog.Remove} {
		reconciled(t, policy, func(h *house, r *registry) {
			r.byHand(true, "maya", "tom")
			r.leaves("tom")
			h.pass(catalog.Day)
			h.says(r, "nothing was changed", "2 memberships with no request, 1 of leavers, 0 idle.", "Next time: ")
			h.expect("both are still there", r.in("maya") && r.in("tom"))
			h.expect("nothing was adopted", len(h.held("maya"))+len(h.held("tom")) == 0)
		})
	}
}

func TestAlertTellsWhatIsNewOnly(t *testing.T) {
	reconciled(t, catalog.Alert, func(h *house, r *registry) {
		r.byHand(true, "maya")
		h.pass(3 * catalog.Day)
		h.expect("one report for what stays the same", len(r.heard) == 1)
		r.byHand(true, "tom")
		h.pass(catalog.Day)
		h.says(r, "2 memberships with no request", "tom@acme.example is in okta:figma-editors")
		h.expect("both are still there", r.in("maya") && r.in("tom"))
	})
}

func TestAdoptedMembershipsEndOnTime(t *testing.T) {
	reconciled(t, catalog.Adopt, func(h *house, r *registry) {
		r.byHand(true, "maya", "tom")
		r.leaves("tom")
		h.pass(2 * catalog.Day)
		h.says(r, "1 membership adopted, 1 membership being removed")
		h.expect("Tom, who left, is out", !r.in("tom"))
		held := h.held("maya")
		h.expect("one grant explains Maya's", len(held) == 1 && held[0].Source == access.SourceAdopted && r.in("maya"))
		h.pass(5 * catalog.Day)
		h.expect("still one", len(h.held("maya")) == 1)
		h.pass(30 * catalog.Day)
		h.expect("it ended on time", !r.in("maya") && len(h.held("maya")) == 0)
	})
}

func TestRemoveTakesOnlyWhatNothingExplains(t *testing.T) {
	reconciled(t, catalog.Remove, func(h *house, r *registry) {
		h.pass(catalog.Day)
		q := h.ask("view-1")
		if err := h.yes(q, "noor"); err != nil {
			t.Fatal(err)
		}
		r.byHand(true, "tom")
		h.pass(6*time.Hour - time.Minute)
		h.expect("Maya has what she asked for", r.in("maya"))
		h.pass(catalog.Day)
		h.expect("Tom is out, nobody asked for it", !r.in("tom"))
	})
}

func TestMembershipOlderThanTheRequestSurvivesIt(t *testing.T) {
	reconciled(t, catalog.Remove, func(h *house, r *registry) {
		r.byHand(true, "maya")
		q := h.ask("view-1")
		if err := h.yes(q, "noor"); err != nil {
			t.Fatal(err)
		}
		h.pass(3 * catalog.Day)
		h.expect("the request's grant ended", h.grant(q).State == access.GrantEnded && h.grant(q).Entitlements[0].State == access.EntitlementKept)
		held := h.held("maya")
		h.expect("the old membership stays, because of a grant", r.in("maya") && len(held) == 1 && held[0].Source == access.SourceAdopted && held[0].Request == "")
	})
}

func TestEndBeforeTheAdditionTakesNothing(t *testing.T) {
	reconciled(t, catalog.Alert, func(h *house, r *registry) {
		r.byHand(true, "maya")
		q := h.ask("view-1")
		r.set(&r.dir, errDown)
		if err := h.yes(q, "noor"); err != nil {
			t.Fatal(err)
		}
		h.expect("the addition waits for the directory", h.grant(q).State == access.GrantProvisioning)
		if err := h.Left(h.t.Context(), "maya@acme.example"); err != nil {
			t.Fatal(err)
		}
		r.set(&r.dir, nil)
		h.pass(time.Hour)
		h.expect("the grant is over", h.grant(q).State == access.GrantEnded)
		h.expect("what Latchkey never touched is there", r.in("maya"))
	})
}

func TestLeavers(t *testing.T) {
	reconciled(t, catalog.Alert, func(h *house, r *registry) {
		h.pass(catalog.Day)
		q := h.ask("view-1")
		if err := h.yes(q, "noor"); err != nil {
			t.Fatal(err)
		}
		r.leaves("maya")
		for range 2 {
			if err := h.Left(h.t.Context(), "maya@acme.example"); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		h.expect("access ended because she left", !r.in("maya") && h.grant(q).End == access.EndLeft)
		h.expect("once", r.count(access.EventEnding) == 1)
	})
}

func TestApproverWhoLeftIsReplaced(t *testing.T) {
	reconciled(t, catalog.Alert, func(h *house, r *registry) {
		h.pass(catalog.Day)
		q := h.ask("view-1")
		r.leaves("noor")
		h.pass(catalog.Day)
		c, err := h.Case(h.t.Context(), q.ID)
		if err != nil {
			t.Fatal(err)
		}
		asked := c.Request.Stages[0].Asked
		h.expect("the fallback decides now", slices.Equal(asked, []access.PersonID{"omar@acme.example"}))
	})
}

func TestTurnsAreNotLostAndNotDoubled(t *testing.T) {
	reconciled(t, catalog.Alert, func(h *house, r *registry) {
		h.close()
		r.byHand(true, "maya")
		h.pass(3 * catalog.Day)
		h.openWith(r, catalog.Alert)
		h.pass(time.Minute)
		h.expect("the missed turn was had at once", len(r.heard) == 1)
		h.pass(time.Hour)
		h.expect("and once", len(r.heard) == 1)
	})
}

func TestCalendarLines(t *testing.T) {
	for line, ok := range map[string]bool{"0 6 * * *": true, "@daily": true, "every day": false, "": false, "0 6 * *": false, "61 6 * * *": false} {
		if _, err := workflow.ParseLine(line); (err == nil) != ok {
			t.Errorf("%q: %v", line, err)
		}
	}
}
