package workflow_test

import (
	"context"
	"log/slog"
	"path/filepath"
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
	"latchkey/workflow/people"
)

// site is a house whose directory gives ids to accounts and groups, so that names
// and addresses can move on.
type site struct {
	*house
	vendor *idptest.Vendor
	maya   string // ids
	group  string
}

// onSite runs fn in a house with such a directory. protect names the groups that
// the configuration protects, when the site is there.
func onSite(t *testing.T, protect func(*site) []catalog.GroupRef, fn func(*site)) {
	synctest.Test(t, func(t *testing.T) {
		s := &site{house: &house{t: t, path: filepath.Join(t.TempDir(), "latchkey.db"), world: newWorld()}, vendor: idptest.NewVendor("okta", clock.System{})}
		s.vendor.AddPerson(idptest.Person{Email: "noor@acme.example"})
		s.maya = s.vendor.AddPerson(idptest.Person{Email: "maya@acme.example", Manager: "noor@acme.example"})
		s.group = s.vendor.AddGroup("figma-editors", idptest.Plain)
		s.begin(protect(s))
		defer func() { s.close() }()
		fn(s)
	})
}

func nothing(*site) []catalog.GroupRef { return nil }

func (s *site) begin(protected []catalog.GroupRef) {
	s.t.Helper()
	kept, err := bolt.Open(s.path, bolt.Options{NoSync: true})
	if err != nil {
		s.t.Fatal(err)
	}
	s.store = kept
	flow, err := workflow.New(workflow.Config{
		Store: kept, Catalog: office, Directories: []idp.Directory{s.vendor.Directory()}, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler),
		Owner: "test", Protected: protected,
	}, workflow.Ports{Issues: s.world, Messenger: s.world, Roster: s.world})
	if err != nil {
		s.t.Fatal(err)
	}
	s.rooms = rooms{flow.Requests, flow.People, flow.Query}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- flow.Run(ctx) }()
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			s.t.Errorf("run: %v", err)
		}
	}
	synctest.Wait()
}

// granted asks for Figma and gets it.
func (s *site) granted() access.Request {
	s.t.Helper()
	r := s.ask("view-1")
	if err := s.yes(r, "noor"); err != nil {
		s.t.Fatal(err)
	}
	return r
}

// pinned fails unless the grant's only entitlement is about the account and group.
func (s *site) pinned(g access.Grant, account, group string) {
	s.t.Helper()
	if e := g.Entitlements[0]; e.Account != account || e.GroupID != group {
		s.t.Errorf("grant %s is about account %q in group %q, want %q in %q", g.ID, e.Account, e.GroupID, account, group)
	}
}

func TestRemovalGoesByTheIdsOfTheTime(t *testing.T) {
	onSite(t, nothing, func(s *site) {
		r := s.granted()
		s.expect("the group changed", s.vendor.IsMember(s.group, s.maya))
		s.pinned(s.grant(r), s.maya, s.group)

		s.vendor.SetEmail(s.maya, "maya.lind@acme.example")
		heir := s.vendor.AddPerson(idptest.Person{Email: "maya@acme.example", Manager: "noor@acme.example"})
		s.vendor.SetMember(s.group, heir, true)
		s.vendor.RenameGroup(s.group, "figma-old")
		other := s.vendor.AddGroup("figma-editors", idptest.Plain)
		s.vendor.SetMember(other, s.maya, true)

		s.pass(6*time.Hour + time.Minute)
		s.expect("who had got it is out", !s.vendor.IsMember(s.group, s.maya))
		s.expect("who has the address now stays", s.vendor.IsMember(s.group, heir))
		s.expect("the group that has the name now is left alone", s.vendor.IsMember(other, s.maya))
		s.expect("the grant ended", s.grant(r).State == access.GrantEnded)
	})
}

func TestRemovalFromADeletedGroupIsDone(t *testing.T) {
	onSite(t, nothing, func(s *site) {
		r := s.granted()
		s.vendor.DeleteGroup(s.group)
		other := s.vendor.AddGroup("figma-editors", idptest.Plain)
		s.vendor.SetMember(other, s.maya, true)
		s.pass(6*time.Hour + time.Minute)
		s.expect("the grant ended", s.grant(r).State == access.GrantEnded)
		s.expect("the group that was made anew is left alone", s.vendor.IsMember(other, s.maya))
	})
}

func TestAdditionFindsAGroupThatWasMadeAnew(t *testing.T) {
	onSite(t, nothing, func(s *site) {
		s.vendor.Fail(idptest.LostAnswer)
		r := s.granted()
		s.expect("the addition is under way", s.grant(r).State == access.GrantProvisioning)
		s.pinned(s.grant(r), s.maya, s.group)
		s.vendor.DeleteGroup(s.group)
		anew := s.vendor.AddGroup("figma-editors", idptest.Plain)
		s.pass(time.Minute)
		s.expect("the new group has her", s.vendor.IsMember(anew, s.maya) && s.grant(r).State == access.GrantActive)
		s.pinned(s.grant(r), s.maya, anew)
		s.expect("and it is taken for Latchkey's own work", !s.grant(r).Entitlements[0].Before)
	})
}

func TestMembershipFoundAtAnAdditionKeepsItsIds(t *testing.T) {
	onSite(t, nothing, func(s *site) {
		s.vendor.SetMember(s.group, s.maya, true)
		r := s.granted()
		s.pinned(s.grant(r), s.maya, s.group)
		var open []access.Grant
		err := s.store.View(t.Context(), func(tx store.Tx) (err error) {
			open, err = store.OpenGrantsOf(tx, people.ByAddress("maya@acme.example").ID)
			return err
		})
		if err != nil || len(open) != 2 {
			t.Fatalf("%d open grants, %v, want hers and the adopted one", len(open), err)
		}
		for _, g := range open {
			s.pinned(g, s.maya, s.group)
		}
		s.pass(6*time.Hour + time.Minute)
		s.expect("what was there before stays", s.vendor.IsMember(s.group, s.maya))
	})
}

func TestProtectedGroupIsLeftAloneUnderAnyName(t *testing.T) {
	byID := func(s *site) []catalog.GroupRef {
		return []catalog.GroupRef{{Directory: "okta", Group: s.group, ByID: true}}
	}
	onSite(t, byID, func(s *site) {
		r := s.granted()
		s.pass(time.Hour)
		s.expect("nothing was changed", !s.vendor.IsMember(s.group, s.maya))
		s.expect("a human is told why", s.grant(r).State == access.GrantStuck)
	})
}
