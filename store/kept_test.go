package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// keeps checks what holds for every noun: before it is put there is none, then it is as it was put, and whoever puts
// an older one is refused. unsaid is what there is before; nil for ErrNotFound.
func keeps[T any](t *testing.T, v T, put func(store.Tx, *T) error, load func(store.Tx) (T, error), unsaid *T) {
	t.Helper()
	d := open(t)
	if unsaid == nil {
		missing(d, "", load)
	} else {
		d.equal("before it is put", *unsaid, found(d, load))
	}
	old := v
	d.update(func(tx store.Tx) error { return put(tx, &v) })
	d.equal("as it was put", v, found(d, load))
	d.stale(func(tx store.Tx) error { return put(tx, &old) })
	d.equal("after a put that was refused", v, found(d, load))
	d.update(func(tx store.Tx) error { return put(tx, &v) }) // whoever has the newest may go on
}

func load[T any](fn func(store.Tx, string) (T, error), id string) func(store.Tx) (T, error) {
	return func(tx store.Tx) (T, error) { return fn(tx, id) }
}

func figma() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma"} }

func TestWhatIsKeptIsFoundAsItWasPut(t *testing.T) {
	pin, rights := store.GroupPin{Ref: figma(), GroupID: "g1", Name: "Figma", Since: monday()}, store.GroupRights{Ref: figma(), GroupID: "g1", Roles: []string{"Super admin"}, Seen: monday()}
	keeps(t, store.AccountLog{Directory: "okta", Since: monday(), After: "7"}, store.PutAccountLog, load(store.LoadAccountLog, "okta"), nil)
	keeps(t, store.Anchor{ID: store.AnchorID("acme+1", 7), Log: "acme+1", No: 7, Size: 12, Posted: map[string]time.Time{"git": monday()}}, store.PutAnchor, load(store.LoadAnchor, "acme+1/000000000007"), nil)
	keeps(t, store.Anchoring{No: 3, Size: 12, Witnessed: map[string]uint64{"w": 9}}, store.PutAnchoring, store.LoadAnchoring, &store.Anchoring{})
	keeps(t, store.BirthrightBrake{ID: "Q-1", Asked: monday(), Keys: []string{"k"}}, store.PutBirthrightBrake, store.LoadBirthrightBrake, &store.BirthrightBrake{})
	keeps(t, store.Challenge{Code: "LK-1", Person: "P-ANN", Issue: "IT-1"}, store.PutChallenge, load(store.LoadChallenge, "LK-1"), nil)
	keeps(t, store.Duty{Name: "reconcile", Spec: "daily", Next: monday()}, store.PutDuty, load(store.LoadDuty, "reconcile"), nil)
	keeps(t, pin, store.PutGroupPin, func(tx store.Tx) (store.GroupPin, error) { return store.LoadGroupPin(tx, figma()) }, nil)
	keeps(t, rights, store.PutGroupRights, func(tx store.Tx) (store.GroupRights, error) { return store.LoadGroupRights(tx, figma()) }, nil)
	keeps(t, store.InForce{Catalog: "b79c", Since: monday()}, store.PutInForce, store.LoadInForce, &store.InForce{})
	keeps(t, store.IssueCursor{ID: "10001", Change: 4, Votes: []string{"1"}}, store.PutIssueCursor, load(store.LoadIssueCursor, "10001"), nil)
	keeps(t, store.Mark{ID: "rescan", At: monday(), After: "AR-7"}, store.PutMark, load(store.LoadMark, "rescan"), nil)
	keeps(t, store.Move{From: "old.test", To: "new.test", People: 9, Told: monday()}, store.PutMove, func(tx store.Tx) (store.Move, error) { return store.LoadMove(tx, "old.test", "new.test") }, &store.Move{From: "old.test", To: "new.test"})
	keeps(t, access.Pause{ID: "P-1", Reason: "Incident", Since: monday()}, store.PutPause, store.Pause, &access.Pause{})
	keeps(t, store.Preference{Person: "P-ANN", Notices: access.NoticesOutcomes}, store.PutPreference, func(tx store.Tx) (store.Preference, error) { return store.PreferenceOf(tx, "P-ANN") }, &store.Preference{Person: "P-ANN", Notices: access.NoticesAll})
	keeps(t, store.Proposal{ID: "PR-1", Person: "P-ANN", Says: "left"}, store.PutProposal, load(store.LoadProposal, "PR-1"), nil)
	keeps(t, store.Quarantine{Cause: store.QuarantineFork, Why: "Two histories.", Since: monday()}, store.PutQuarantine, load(store.LoadQuarantine, store.QuarantineFork), nil)
	keeps(t, store.Acceptance{At: monday(), Backup: monday()}, store.PutAccepted, store.Accepted, &store.Acceptance{})
	keeps(t, store.SignIn{ID: "S-1", Directory: "okta", Account: "00u1", Expires: monday()}, store.PutSignIn, load(store.LoadSignIn, "S-1"), nil)
	keeps(t, store.Survey{Survey: access.Survey{At: monday(), Looked: 7}}, store.PutSurvey, store.LastSurvey, nil)
	keeps(t, store.Tally{ID: "asks|P-ANN", Count: 3, Since: monday()}, store.PutTally, load(store.LoadTally, "asks|P-ANN"), nil)
	keeps(t, store.Tenant{System: "slack", Tenant: "T1", Since: monday()}, store.PutTenant, load(store.LoadTenant, "slack"), nil)
	keeps(t, access.Delegation{ID: "D-1", Delegator: "P-ANN", Delegate: "P-BOB", State: access.DelegationRunning, Until: monday()}, store.PutDelegation, load(store.Delegation, "D-1"), nil)
}

// TestWhatIsDroppedIsGone, and nothing beside it.
func TestWhatIsDroppedIsGone(t *testing.T) {
	d := open(t)
	d.update(func(tx store.Tx) error {
		return errors.Join(
			store.PutChallenge(tx, &store.Challenge{Code: "A", Person: "P-ANN"}), store.PutChallenge(tx, &store.Challenge{Code: "B", Person: "P-BOB"}),
			store.PutProposal(tx, &store.Proposal{ID: "A", Person: "P-ANN", Says: "left"}), store.PutProposal(tx, &store.Proposal{ID: "B", Person: "P-ANN", Says: "back"}),
			store.PutSignIn(tx, &store.SignIn{ID: "A", By: access.Actor{Person: "P-ANN"}}), store.PutSignIn(tx, &store.SignIn{ID: "B", By: access.Actor{Person: "P-BOB"}}),
			store.PutDuty(tx, &store.Duty{Name: "A"}), store.PutDuty(tx, &store.Duty{Name: "B"}),
			store.PutStuckNumber(tx, &store.StuckNumber{Thing: "A", Number: 1}), store.PutStuckNumber(tx, &store.StuckNumber{Thing: "B", Number: 2}),
		)
	})
	d.update(func(tx store.Tx) error {
		return errors.Join(store.DropChallenge(tx, "A"), store.DropProposal(tx, "A"), store.DropSignIn(tx, "A"), store.DropDuty(tx, "A"), store.ForgetStuckNumber(tx, "A"))
	})
	challengeOf := func(who access.PersonID) func(store.Tx) (store.Challenge, error) {
		return func(tx store.Tx) (store.Challenge, error) { return store.ChallengeOf(tx, who) }
	}
	missing(d, "", challengeOf("P-ANN"))
	d.equal("the other challenge", "B", found(d, challengeOf("P-BOB")).Code)
	says := func(what string) func(store.Tx) (store.Proposal, error) {
		return func(tx store.Tx) (store.Proposal, error) { return store.ProposalOf(tx, "P-ANN", what) }
	}
	missing(d, "", says("left"))
	d.equal("the other proposal", "B", found(d, says("back")).ID)
	of := func(who access.PersonID) func(store.Tx) ([]store.SignIn, error) {
		return func(tx store.Tx) ([]store.SignIn, error) { return store.SignInsOf(tx, who) }
	}
	if open := found(d, store.OpenSignIns); len(open) != 1 || len(found(d, of("P-ANN"))) != 0 || len(found(d, of("P-BOB"))) != 1 {
		t.Errorf("sign-ins: %+v", open)
	}
	missing(d, "A", load(store.LoadDuty, "A"))
	d.equal("the other duty", "B", found(d, load(store.LoadDuty, "B")).Name)
	if numbers := found(d, store.StuckNumbers); len(numbers) != 1 || numbers[0].Number != 2 {
		t.Errorf("numbers: %+v", numbers)
	}
}

// TestAMoveIsFoundWhileItIsAsked: IT was told of it and hasn't answered.
func TestAMoveIsFoundWhileItIsAsked(t *testing.T) {
	d := open(t)
	to := func(tx store.Tx) (store.Move, error) { return store.OpenMoveTo(tx, "new.test") }
	m := store.Move{From: "old.test", To: "new.test", People: 3}
	d.update(func(tx store.Tx) error { return store.PutMove(tx, &m) })
	missing(d, "", to)
	m.Told = monday()
	d.update(func(tx store.Tx) error { return store.PutMove(tx, &m) })
	d.equal("asked", m, found(d, to))
	m.Answered = monday()
	d.update(func(tx store.Tx) error { return store.PutMove(tx, &m) })
	missing(d, "", to)
	tenant := store.Tenant{System: "okta", Tenant: "00o1"}
	d.update(func(tx store.Tx) error { return store.PutTenant(tx, &tenant) })
	d.equal("by the vendor's id", tenant, found(d, load(store.TenantNamed, "00o1")))
	missing(d, "", load(store.TenantNamed, "00o2"))
}

// TestDelegationsAreFoundFromBothEnds, until they end; those that count at a moment are told apart.
func TestDelegationsAreFoundFromBothEnds(t *testing.T) {
	d := open(t)
	runs := access.Delegation{ID: "D-1", Delegator: "P-ANN", Delegate: "P-BOB", From: monday(), Until: monday().Add(time.Hour), State: access.DelegationRunning}
	planned := access.Delegation{ID: "D-2", Delegator: "P-CLEO", Delegate: "P-ANN", From: monday().Add(time.Hour), Until: monday().Add(2 * time.Hour), State: access.DelegationPlanned}
	d.update(func(tx store.Tx) error {
		return errors.Join(store.PutDelegation(tx, &runs), store.PutDelegation(tx, &planned))
	})
	about := func(tx store.Tx) ([]access.Delegation, error) { return store.DelegationsAbout(tx, "P-ANN") }
	all := found(d, about)
	d.equal("about one of the two", []access.Delegation{runs, planned}, all)
	d.equal("counting", []access.Delegation{runs}, store.Counting(append([]access.Delegation{}, all...), monday()))
	d.equal("counting later", []access.Delegation{planned}, store.Counting(append([]access.Delegation{}, all...), monday().Add(time.Hour)))
	d.equal("to somebody", []access.Delegation{runs}, found(d, func(tx store.Tx) ([]access.Delegation, error) { return store.DelegationsTo(tx, "P-BOB") }))
	runs.State = access.DelegationEnded
	d.update(func(tx store.Tx) error { return store.PutDelegation(tx, &runs) })
	d.equal("after one ended", []access.Delegation{planned}, found(d, about))
}

// TestBirthrightsAreKeptWhileSomethingChanges, and found where a change is ready.
func TestBirthrightsAreKeptWhileSomethingChanges(t *testing.T) {
	d := open(t)
	of := func(tx store.Tx) (store.Birthrights, error) { return store.BirthrightsOf(tx, "P-ANN") }
	ready := func() int {
		return len(found(d, func(tx store.Tx) ([]store.Birthrights, error) { return store.BirthrightsReady(tx, "", 10) }))
	}
	b := found(d, of)
	d.equal("of somebody of whom nothing is known", store.Birthrights{Person: "P-ANN"}, b)
	d.update(func(tx store.Tx) error { return store.PutBirthrights(tx, &b) }) // nothing to keep
	b.Changes = []access.BirthrightChange{{Rule: "design", App: "kit", Role: "viewer", Gives: true, First: monday()}}
	d.update(func(tx store.Tx) error { return store.PutBirthrights(tx, &b) })
	if ready() != 0 {
		t.Error("what was just seen is ready")
	}
	b.Changes[0].Counted = monday()
	d.update(func(tx store.Tx) error { return store.PutBirthrights(tx, &b) })
	d.equal("what is kept", b, found(d, of))
	if ready() != 1 {
		t.Error("what counts isn't ready")
	}
	b.Changes = nil
	d.update(func(tx store.Tx) error { return store.PutBirthrights(tx, &b) })
	if got := found(d, of); got.Version != 0 || ready() != 0 {
		t.Errorf("where nothing changes any more there is %+v", got)
	}
}

// TestNamesThatCannotBeReadAreLookedUpAnew: they are a help, and nothing waits for them.
func TestNamesThatCannotBeReadAreLookedUpAnew(t *testing.T) {
	d := open(t)
	names := load(store.LoadNames, "jira")
	d.equal("none", store.Names{Service: "jira"}, found(d, names))
	for _, id := range []string{"1", "2"} { // whoever puts them need not have read them
		d.update(func(tx store.Tx) error {
			return store.PutNames(tx, store.Names{Service: "jira", IDs: map[string]string{"Done": id}})
		})
	}
	d.equal("the newest", "2", found(d, names).IDs["Done"])
	d.update(func(tx store.Tx) error {
		r, err := tx.Get("names", "jira")
		r.Body = []byte("{")
		_, put := tx.Put(r)
		return errors.Join(err, put)
	})
	d.equal("damaged", store.Names{Service: "jira"}, found(d, names))
}

// TestWhichStartSigns is kept, and what a newer Latchkey wrote isn't guessed at.
func TestWhichStartSigns(t *testing.T) {
	d := open(t)
	d.equal("nothing was signed", store.Signing{}, found(d, store.LoadSigning))
	for n := range uint64(2) {
		d.update(func(tx store.Tx) error { return store.PutSigning(tx, store.Signing{Instance: n + 1, Key: "k"}) })
	}
	d.equal("the latest", store.Signing{Instance: 2, Key: "k"}, found(d, store.LoadSigning))
	d.update(func(tx store.Tx) error {
		r, err := tx.Get("signing", "this")
		r.Schema++
		_, put := tx.Put(r)
		return errors.Join(err, put)
	})
	err := d.View(context.Background(), func(tx store.Tx) error {
		_, err := store.LoadSigning(tx)
		return err
	})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v", err)
	}
}

// TestARebuildIsUnderWayUntilItIsDone.
func TestARebuildIsUnderWayUntilItIsDone(t *testing.T) {
	d := open(t)
	for _, step := range []struct {
		do   func(store.Tx) error
		want bool
	}{{func(store.Tx) error { return nil }, false}, {store.MarkRebuild, true}, {store.EndRebuild, false}} {
		d.update(step.do)
		d.equal("under way", step.want, found(d, store.Rebuilding))
	}
}

// TestNothingNewIsGivenInAQuarantine: the oldest one says why, also one that can't be read back; otherwise a pause does.
func TestNothingNewIsGivenInAQuarantine(t *testing.T) {
	d := open(t)
	paused := func(tx store.Tx) (string, error) {
		p, on, err := store.PausedBy(tx, monday())
		if !on {
			return "no", err
		}
		return p.ID + ": " + p.Reason, err
	}
	d.equal("nothing is amiss", "no", found(d, paused))
	d.update(func(tx store.Tx) error {
		return store.PutPause(tx, &access.Pause{ID: "P-1", Reason: "Incident", Since: monday(), Until: monday().Add(time.Hour)})
	})
	d.equal("a pause", "P-1: Incident", found(d, paused))
	for _, q := range []store.Quarantine{{Cause: "twin", Why: "Two work on it.", Since: monday()}, {Cause: "older", Why: "It is older.", Since: monday().Add(-time.Hour)}} {
		d.update(func(tx store.Tx) error { return store.PutQuarantine(tx, &q) })
	}
	d.equal("the one that began first", "quarantine/older: It is older.", found(d, paused))
	d.update(func(tx store.Tx) error { return store.DropQuarantine(tx, "older") })
	d.equal("the other one", "quarantine/twin: Two work on it.", found(d, paused))
	d.update(func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "quarantine", ID: "fork", Schema: 1, Body: []byte("{")})
		return err
	})
	if got := found(d, paused); !strings.Contains(got, "can't be read back") {
		t.Errorf("one that is damaged: %s", got)
	}
}
