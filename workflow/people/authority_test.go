package people_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/access"
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
		people.ActAskFor:  {by(maya), by(noor)}, // noor is her manager, and owns the app
		people.ActOversee: {by(noor), by(ines), operator},
		people.ActExplain: {by(maya), by(noor), by(ines), operator},
		people.ActTrace:   {by(maya), by(noor), by(ines), operator},
		people.ActRevoke:  {by(noor), by(ines)},
		people.ActReturn:  {by(maya)},
		people.ActExtend:  {by(maya)},
		people.ActFulfil:  {by(noor), by(ines)},
		people.ActRetry:   {by(ines), operator},
		people.ActLink:    {by(maya), by(grace), by(ines)},
		"dance":           {},
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
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %v, %v; want %v", route, got, err, want)
		}
	}
	if got, err := w.Deciders(t.Context(), request(noor, "owner")); err != nil || !slices.Equal(got, []access.PersonID{omar}) {
		t.Errorf("nobody decides for themselves, the fallback does: %v, %v", got, err)
	}
	unlisted := request(maya, "")
	unlisted.Unlisted = "A tool of ours"
	if got, err := w.Deciders(t.Context(), unlisted); err != nil || !slices.Equal(got, []access.PersonID{ines, omar}) {
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
	if got, err := w.Reviewers(t.Context(), request(maya, "two")); err != nil || !slices.Equal(got, []access.PersonID{noor, ines}) {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := w.Reviewers(t.Context(), request(maya, "")); err != nil || !slices.Equal(got, []access.PersonID{omar, ines}) {
		t.Errorf("without a route: %v, %v", got, err)
	}
}

func TestEstablished(t *testing.T) {
	w := newWorld(t, nil)
	peopletest.Remember(t, w.store, nil, "maya", "noor")
	pending, emergency := request(maya, "manager"), request(maya, "manager")
	emergency.State, emergency.BreakGlass = access.RequestApproved, true
	for _, r := range []access.Request{pending, emergency} {
		if got, how, err := w.Established(t.Context(), r, noor); err != nil || how != "" || !slices.Equal(got, []access.PersonID{noor}) {
			t.Errorf("got %v (%s), %v", got, how, err)
		}
	}
	w.pass(2 * time.Minute)
	w.set(func(w *world) { w.broken = errors.New("no route to host"); w.members["maya"] = access.Person{} })
	if _, _, err := w.Established(t.Context(), pending, noor); err == nil {
		t.Error("nobody was asked, and somebody stands in")
	}
	pending.Stages[0].Asked, emergency.Review = []access.PersonID{omar}, &access.Review{Asked: []access.PersonID{omar}}
	elsewhere := request(maya, "group")
	pending.Stages[0].Sources, emergency.Skipped = elsewhere.Stages[0].Sources, elsewhere.Skipped
	for _, r := range []access.Request{pending, emergency} {
		if got, how, err := w.Established(t.Context(), r, noor); err != nil || how == "" || !slices.Equal(got, []access.PersonID{omar}) {
			t.Errorf("got %v (%s), %v", got, how, err)
		}
	}
	closed := request(maya, "manager")
	closed.State = access.RequestDenied
	if got, _, err := w.Established(t.Context(), closed, noor); err != nil || got != nil {
		t.Errorf("a request that takes no answer: %v, %v", got, err)
	}
}
