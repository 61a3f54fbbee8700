package people_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// TestAuthority is the whole of who may do what, by any door.
func TestAuthority(t *testing.T) {
	w := familiar(t, nil)
	operator := access.Actor{Via: access.ViaCLI, Account: "root"}
	matter := people.Matter{App: "figma", Holder: w.person(maya), Request: access.Request{
		Requester: maya, Beneficiary: maya, Stages: []access.Stage{{Asked: []access.PersonID{grace}}},
	}}
	for act, may := range map[people.Act][]access.Actor{
		people.ActAskFor:   {by(maya), by(noor)}, // noor is her manager, and owns the app
		people.ActOversee:  {by(noor), by(ines), operator},
		people.ActExplain:  {by(maya), by(noor), by(ines), operator},
		people.ActTrace:    {by(maya), by(noor), by(ines), operator},
		people.ActRevoke:   {by(noor), by(ines)},
		people.ActReturn:   {by(maya)},
		people.ActExtend:   {by(maya)},
		people.ActFulfil:   {by(noor), by(ines)},
		people.ActRetry:    {by(ines), operator},
		people.ActLink:     {by(maya), by(grace), by(ines)},
		people.ActDetail:   {by(maya), by(noor), by(grace), by(ines)},
		people.ActAskAgain: {by(maya)},
		"dance":            {},
	} {
		for _, who := range []access.Actor{by(maya), by(noor), by(omar), by(ines), by(grace), operator, {}} {
			err := w.Allow(t.Context(), who, act, matter)
			if (err == nil) != slices.Contains(may, who) {
				t.Errorf("%s by %v: %v", act, who, err)
			}
			if err != nil && !refused(err) {
				t.Errorf("%s by %v is no refusal: %v", act, who, err)
			}
		}
	}
}

func by(who access.PersonID) access.Actor { return access.Actor{Person: who, Via: access.ViaSlack} }

func TestAuthorityOverEveryApp(t *testing.T) {
	w := familiar(t, nil)
	if err := w.Allow(t.Context(), by(noor), people.ActOversee, people.Matter{}); err == nil || err.Error() != "Only IT can see this." {
		t.Errorf("an owner of one app sees all: %v", err)
	}
	if err := w.Allow(t.Context(), by(ines), people.ActOversee, people.Matter{}); err != nil {
		t.Error(err)
	}
}

func TestAskingForOthers(t *testing.T) {
	everybody := familiar(t, func(c *people.Config) { c.OnBehalf = []people.OnBehalf{"nobody knows", people.EverybodyMay} })
	admins := familiar(t, func(c *people.Config) { c.OnBehalf = []people.OnBehalf{people.AdminsMay} })
	m := people.Matter{App: "figma", Holder: everybody.person(maya)}
	if err := everybody.Allow(t.Context(), by(omar), people.ActAskFor, m); err != nil {
		t.Error(err)
	}
	if err := admins.Allow(t.Context(), by(noor), people.ActAskFor, m); err == nil || err.Error() != "You can't ask for Maya. They can ask for themselves, or their manager can." {
		t.Error(err)
	}
}

func TestDeciders(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) {
		w.group = []idp.Membership{
			{PersonID: "00u-grace", Email: "Grace@acme.example", Status: idp.Active}, {PersonID: "00u-omar", Email: "omar@acme.example", Status: idp.Left},
			{PersonID: "00u-robot", Status: idp.Active}, {PersonID: "00u-maya", Email: "maya@acme.example", Status: idp.Active},
			{PersonID: "00u-nemo", Email: "nemo@acme.example", Status: idp.Active}, {PersonID: "00u-grace", Email: "grace@acme.example", Status: idp.Active},
			{PersonID: "00u-ines2", Email: "ines@acme.example", Status: idp.Active}, // shows her address, and isn't hers
		}
	})
	for route, want := range map[string][]access.PersonID{
		"manager": {noor}, "owner": {noor}, "named": {grace}, "security": {ines}, "group": {grace}, "gone": {omar},
	} {
		got, err := w.Deciders(t.Context(), request(maya, route))
		if err != nil || !slices.Equal(got.Who, want) {
			t.Errorf("%s: got %v, %v; want %v", route, got, err, want)
		}
	}
	if got, err := w.Deciders(t.Context(), request(noor, "owner")); err != nil || !slices.Equal(got.Who, []access.PersonID{omar}) {
		t.Errorf("nobody decides for themselves, the fallback does: %v, %v", got, err)
	}
	unlisted := request(maya, "")
	unlisted.Unlisted = "A tool of ours"
	if got, err := w.Deciders(t.Context(), unlisted); err != nil || !slices.Equal(got.Who, []access.PersonID{ines, omar}) {
		t.Errorf("unlisted: %v, %v", got, err)
	}
	for _, route := range []string{"odd", "elsewhere"} {
		if _, err := w.Deciders(t.Context(), request(maya, route)); err == nil {
			t.Errorf("%s finds somebody", route)
		}
	}
}

// request is one that waits for the first stage of a route, as it is kept.
func request(who access.PersonID, route string) access.Request {
	way, _ := catalogue().Route(route)
	r := access.Request{ID: "AR-1", Requester: who, Beneficiary: who, App: "figma", Route: route, State: access.RequestPending, Skipped: way.Sources()}
	for _, s := range way.Stages {
		r.Stages = append(r.Stages, access.Stage{Sources: s.Approvers})
	}
	if len(r.Stages) == 0 {
		r.Stages = []access.Stage{{}}
	}
	return r
}

func TestReviewers(t *testing.T) {
	w := familiar(t, nil)
	if got, err := w.Reviewers(t.Context(), request(maya, "two")); err != nil || !slices.Equal(got.Who, []access.PersonID{noor, ines}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := w.Reviewers(t.Context(), request(maya, "")); err != nil || !slices.Equal(got.Who, []access.PersonID{omar, ines}) {
		t.Errorf("without a route: %v, %v", got, err)
	}
}

func TestEstablished(t *testing.T) {
	w := familiar(t, nil)
	pending, emergency := request(maya, "manager"), request(maya, "manager")
	emergency.State, emergency.BreakGlass = access.RequestApproved, true
	for _, r := range []access.Request{pending, emergency} {
		if got, err := w.Established(t.Context(), r, access.Actor{Person: noor}); err != nil || !slices.Equal(got.Who, []access.PersonID{noor}) || got.Holder.ID != maya {
			t.Errorf("got %+v, %v", got, err)
		} else if as := (access.Basis{Source: catalog.Manager, Directory: "okta"}); !reflect.DeepEqual(got.As[noor], as) {
			t.Errorf("they may answer because of %+v, want %+v", got.As[noor], as)
		}
	}
	closed := request(maya, "manager")
	closed.State = access.RequestDenied
	if got, err := w.Established(t.Context(), closed, access.Actor{Person: noor}); err != nil || got.Who != nil {
		t.Errorf("a request that takes no answer: %v, %v", got, err)
	}
}

// Nothing that was known before stands in for a directory that keeps silent: not
// those who were asked, not the manager of yesterday, and not how somebody stood
// a moment ago.
func TestNothingStandsInForASilentDirectory(t *testing.T) {
	for _, route := range []string{"manager", "owner", "named", "security", "group"} {
		w := familiar(t, nil)
		r := request(maya, route)
		for _, who := range []access.PersonID{maya, noor, grace, ines} {
			w.person(who)
		}
		r.Stages[0].Asked = []access.PersonID{noor, grace, ines}
		w.set(func(w *world) { w.broken = errors.New("no route to host") })
		for _, who := range r.Stages[0].Asked {
			if got, err := w.Established(t.Context(), r, access.Actor{Person: who}); err == nil || refused(err) {
				t.Errorf("%s: it is established that %v decide, %v", route, got.Who, err)
			}
		}
	}
}

// Two people answer at the same moment, each with a look-up of their own of the
// same person.
func TestLookUpsThatOvertakeEachOther(t *testing.T) {
	w := familiar(t, nil)
	r := request(maya, "manager")
	w.set(func(w *world) { w.during = func() { w.Forget(maya); w.Forget(noor) } })
	if got, err := w.Established(t.Context(), r, access.Actor{Person: noor}); err != nil || !slices.Equal(got.Who, []access.PersonID{noor}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWhoMayNotActAtThisMoment(t *testing.T) {
	w := familiar(t, nil)
	w.person(noor)
	w.account("noor", func(p *idp.Person) { p.Status = idp.Suspended })
	if _, err := w.Established(t.Context(), request(maya, "owner"), access.Actor{Person: noor}); !refused(err) || !strings.Contains(err.Error(), "suspended") {
		t.Errorf("got %v", err)
	}
	w.member("noor", func(m *access.Person) { m.Standing = access.Left })
	before := w.reread
	if got, err := w.Established(t.Context(), request(maya, "owner"), access.Actor{Person: noor}); err != nil || slices.Contains(got.Who, noor) || w.reread == before {
		t.Errorf("she left Slack a moment ago: %+v, %v; read anew %d times", got, err, w.reread-before)
	}
}

// Two hundred people are in the group, and nobody looks at each of them for one
// answer. Whoever only stands in decides where it is certain that nobody else can.
func TestOneOfManyIsLookedAt(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) {
		for i := range 200 {
			w.group = append(w.group, idp.Membership{PersonID: fmt.Sprintf("00u-%d", i), Email: fmt.Sprintf("p%d@acme.example", i), Status: idp.Active})
		}
		w.group = append(w.group, idp.Membership{PersonID: "00u-grace", Email: "grace@acme.example", Status: idp.Active})
	})
	r := request(maya, "group")
	r.Stages[0].Asked = []access.PersonID{grace}
	before := w.asked
	got, err := w.Established(t.Context(), r, access.Actor{Person: grace, Via: access.ViaSlack})
	if err != nil || !slices.Equal(got.Who, []access.PersonID{grace}) || !slices.Contains(got.Named, grace) {
		t.Fatalf("%+v, %v", got, err)
	}
	if as := got.As[grace]; as.Source != catalog.GroupOf || as.Group == nil || as.Group.String() != r.Stages[0].Sources[0].Group.String() {
		t.Errorf("of the group: %+v", as)
	}
	if n := w.asked - before; n > 10 {
		t.Errorf("the directory was asked about %d people", n)
	}
	if got, err = w.Established(t.Context(), r, access.Actor{Person: ines, Via: access.ViaSlack}); err != nil || slices.Contains(got.Who, ines) {
		t.Errorf("a stranger to the group: %+v, %v", got, err)
	}
	if got, err = w.Established(t.Context(), r, access.Actor{Person: omar, Via: access.ViaSlack}); err != nil || slices.Contains(got.Who, omar) {
		t.Errorf("the fallback, while somebody else can: %+v, %v", got, err)
	}
	w.account("grace", func(p *idp.Person) { p.Status = idp.Suspended })
	w.pass(2 * time.Minute)
	if got, err = w.Established(t.Context(), r, access.Actor{Person: omar, Via: access.ViaSlack}); err != nil || !slices.Equal(got.Who, []access.PersonID{noor}) {
		t.Errorf("the fallback, while nobody else can but the owner: %+v, %v", got, err)
	}
	w.account("noor", func(p *idp.Person) { p.Status = idp.Suspended })
	w.pass(2 * time.Minute)
	if got, err = w.Established(t.Context(), r, access.Actor{Person: omar, Via: access.ViaSlack}); err != nil || !slices.Equal(got.Who, []access.PersonID{omar}) {
		t.Errorf("the fallback, while nobody else can: %+v, %v", got, err)
	}
}

// Managers that lead nowhere are said, and are not the same as none.
func TestWhyOthersDecide(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		why    string
	}{
		"none": {func(w *world) { w.account("maya", func(p *idp.Person) { p.ManagerEmail = "" }) }, "no directory names a manager of maya@acme.example"},
		"a text": {func(w *world) {
			w.account("maya", func(p *idp.Person) { p.ManagerEmail, p.ManagerText = "", "CN=Noor" })
		}, "okta names “CN=Noor” as the manager of maya@acme.example"},
		"elsewhere": {func(w *world) { w.account("maya", func(p *idp.Person) { p.ManagerEmail = "bo@acme.example" }) }, "the manager of maya@acme.example, bo@acme.example, is not known in Slack"},
		"herself":   {func(w *world) { w.account("maya", func(p *idp.Person) { p.ManagerEmail = "maya@acme.example" }) }, "nobody decides on their own access"},
		"suspended": {func(w *world) { w.account("noor", func(p *idp.Person) { p.Status = idp.Suspended }) }, "noor@acme.example may not act: the account is suspended"},
	} {
		w := familiar(t, nil)
		c.change(w)
		got, err := w.Deciders(t.Context(), request(maya, "manager"))
		instead, said := noor, "In their place: the owners of Figma."
		if name == "suspended" {
			instead, said = omar, "In their place: who decides when nobody else can."
		}
		if err != nil || !slices.Equal(got.Who, []access.PersonID{instead}) || !strings.Contains(got.Why, c.why) || !strings.HasSuffix(got.Why, said) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// That no manager is named is not said where a directory has not answered.
func TestASilentDirectoryNamesNoManager(t *testing.T) {
	w := newWorld(t, nil)
	peopletest.Remember(t, w.store, nil, "maya", "omar")
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	if got, err := w.Deciders(t.Context(), request(maya, "manager")); err == nil {
		t.Errorf("got %+v", got)
	}
}

func TestWhoCannotBeFoundIsSaid(t *testing.T) {
	w := familiar(t, nil)
	w.set(func(w *world) {
		w.group = []idp.Membership{
			{PersonID: "00u-grace", Email: "grace@acme.example", Status: idp.Active}, {PersonID: "00u-nemo", Email: "nemo@acme.example", Status: idp.Active},
			{PersonID: "00u-omar", Email: "omar@acme.example", Status: idp.Suspended}, {PersonID: "00u-old", Email: "old@acme.example", Status: idp.Left},
		}
	})
	got, err := w.Deciders(t.Context(), request(maya, "group"))
	if err != nil || !slices.Equal(got.Who, []access.PersonID{grace}) || got.Why != "" || len(got.Unfound) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	if said := strings.Join(got.Unfound, "; "); !strings.Contains(said, "nemo@acme.example") || !strings.Contains(said, "omar@acme.example in okta:approvers is suspended") {
		t.Errorf("%q", said)
	}
}
