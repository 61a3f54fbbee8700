package stepup_test

import (
	"context"
	"testing"
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/stepup"
)

// sharing is a store that several processes have open.
type sharing struct{ store.Store }

func (sharing) Exclusive() bool { return false }

// replicas are two of a bot, of which Noor was given a code by the first.
func replicas(t *testing.T) (first, second *world) {
	first = codeWorld(t)
	first.store = sharing{first.store}
	other := *first
	second = &other
	first.replica("first", first)
	second.replica("second", second)
	first.yes()
	return first, second
}

// replica makes the room of a process anew, as one of several.
func (w *world) replica(owner string, clock engine.Clock) {
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: owner, Catalog: w.offer})
	w.Service = stepup.New(stepup.Config{
		Units: w.units, Clock: clock, Catalog: w.offer, Directories: people.Directories{typed{}}, Authority: w, Requests: w, People: w, Codes: w,
		Terms: stepup.Terms{Pages: "https://latchkey.example", Levels: []string{"phr"}, Methods: []string{"mfa"}},
	})
}

// TestTheStartOfAReplicaEndsNoSignIn that another one waits for.
func TestTheStartOfAReplicaEndsNoSignIn(t *testing.T) {
	first, second := replicas(t)
	if err := second.Service.Begin(t.Context()); err != nil || second.underWay() != 1 {
		t.Fatalf("%v, open: %d", err, second.underWay())
	}
	first.signedIn(nil)
	first.wantTold("noor: You have signed in and approved Database · Admin")
	if len(first.decided) != 1 {
		t.Errorf("decided: %+v", first.decided)
	}
}

// TestASignInOfAReplicaThatIsGoneEndsSoon, by another one, which says what happened.
func TestASignInOfAReplicaThatIsGoneEndsSoon(t *testing.T) {
	_, second := replicas(t)
	second.now = second.now.Add(time.Minute - time.Second)
	second.due()
	if second.underWay() != 1 {
		t.Fatal("it is over though the other one may wait for it")
	}
	second.now = second.now.Add(time.Second)
	second.due()
	second.wantTold("noor: Not signed in: Database · Admin | Latchkey was interrupted while it waited for your sign-in to Okta, and can't see any more whether you did, so your yes counts for nothing.")
	if second.underWay() != 0 {
		t.Error("it is open though nobody waits for it")
	}
}

// TestWhoWaitsForASignInIsNotTheOneToEndIt: that it was late to say so is no reason.
func TestWhoWaitsForASignInIsNotTheOneToEndIt(t *testing.T) {
	first, second := replicas(t)
	first.now = first.now.Add(5 * time.Minute)
	first.due()
	if second.now = first.now; second.underWay() != 1 {
		t.Fatal("whoever waits for it has let go of it")
	}
	second.due()
	if second.underWay() != 1 {
		t.Error("it is over though its replica has just said that it waits")
	}
	first.now = first.now.Add(time.Hour)
	first.due()
	first.wantTold("noor: Not signed in: Database · Admin | Nobody signed in to Okta in time, so your yes counts for nothing.")
}

// paced is a clock whose waits a test ends.
type paced struct {
	*world
	waits chan time.Time
	due   chan struct{}
}

func (p paced) Until(at time.Time) (<-chan struct{}, func()) {
	p.waits <- at
	return p.due, func() {}
}

// TestAReplicaSaysAgainAndAgainThatItWaits, for as long as there is something to wait for.
func TestAReplicaSaysAgainAndAgainThatItWaits(t *testing.T) {
	first, second := replicas(t)
	clock := paced{first, make(chan time.Time), make(chan struct{})}
	first.replica("first", clock)
	ctx, end := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); first.Service.Run(ctx) }()
	for range 6 {
		next := <-clock.waits
		if next.Sub(first.now) > 20*time.Second {
			t.Fatalf("it is said again only at %s, and it is %s", next, first.now)
		}
		first.now = next
		clock.due <- struct{}{}
	}
	<-clock.waits
	second.now = first.now
	if second.due(); second.underWay() != 1 {
		t.Error("it is over though its replica waits for it")
	}
	end()
	<-over
}
