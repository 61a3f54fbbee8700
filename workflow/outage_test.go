package workflow_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow"
)

// crew is a store that several processes share.
type crew struct {
	store.Store
	gone map[string]bool
}

func (crew) Exclusive() bool             { return false }
func (crew) Present(string)              {}
func (crew) Attendance() (place, of int) { return 0, 3 }
func (c crew) There(owner string) bool   { return !c.gone[owner] }

// replica is one more process on the store of a house, which tells and does nothing else.
func (h *house) replica(s store.Store, owner string) *workflow.Service {
	h.t.Helper()
	flow, err := workflow.New(workflow.Config{
		Store: s, Catalog: testCatalog, Directories: []idp.Directory{h.world}, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler), Owner: owner,
	}, workflow.Ports{Issues: h.world, Messenger: h.world, Roster: h.world})
	if err != nil {
		h.t.Fatal(err)
	}
	return flow
}

// What one replica finds ill and another one well is over once nobody finds it any more who is there.
func TestAnOutageOfOneReplicaIsOverOnceNobodyFindsIt(t *testing.T) {
	live(t, func(h *house) {
		shared := crew{h.store, map[string]bool{}}
		a, b, c := h.replica(shared, "a"), h.replica(shared, "b"), h.replica(shared, "c")
		n := 0
		tell := func(by *workflow.Service, over bool) {
			h.t.Helper()
			n++
			title := "Jira can't be reached"
			if over {
				title = "Jira works again"
			}
			if err := by.Alarm(context.Background(), workflow.Alarm{ID: "jira/" + string(rune('a'+n)), Outage: "jira", Over: over, Title: title}); err != nil {
				h.t.Fatal(err)
			}
		}
		told := func(what string, want ...string) {
			h.t.Helper()
			if said := h.announced(); !slices.Equal(said, want) {
				h.t.Errorf("%s: IT reads %q, want %q", what, said, want)
			}
		}
		stands := func(want bool) {
			h.t.Helper()
			if is, err := c.Standing(context.Background(), "jira"); err != nil || is != want {
				h.t.Errorf("it stands: %v, %v", is, err)
			}
		}
		stands(false)
		tell(a, false)
		told("the first who finds it", "Jira can't be reached")
		tell(b, true)
		told("another one finds it well")
		stands(true)
		tell(c, false)
		tell(a, true)
		told("one of two finds it well again")
		tell(c, true)
		told("the last finds it well again", "Jira works again")
		stands(false)
		tell(a, false)
		told("the next one", "Jira can't be reached")
		h.pass(2 * time.Minute)
		shared.gone["a"] = true
		tell(b, true)
		told("who found it is gone", "Jira works again")
		tell(b, true)
		told("once more")
	})
}
