package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// Nobody buries IT under requests.
func TestPendingRequestsAreBounded(t *testing.T) {
	a := ask()
	a.App, a.Role = "", ""
	var has access.Standings
	for n := 0; ; n++ {
		a.ID, a.Unlisted = fmt.Sprint("AR-", n), fmt.Sprint("Thing ", n)
		r, _, _, err := access.Submit(testCatalog(), a, has, at)
		if refusal, refused := access.AsRefusal(err); refused {
			if n != access.MaxUnlistedWaiting || refusal.Reason != access.TooLate {
				t.Errorf("refused at the %dth: %v", n+1, refusal)
			}
			break
		}
		has.Requests = append(has.Requests, r)
	}
	has.Requests[0].State = access.RequestDenied
	if _, _, _, err := access.Submit(testCatalog(), a, has, at); err != nil {
		t.Errorf("after an answer: %v", err)
	}
}

func TestWhatIsNotInTheCatalogueIsAskedOfIT(t *testing.T) {
	a := ask()
	a.App, a.Role, a.Unlisted = "", "", "  Balsamiq "
	r, e, effs, err := access.Submit(testCatalog(), a, access.Standings{}, at)
	if err != nil || r.State != access.RequestPending || r.Unlisted != "Balsamiq" || len(r.Stages) != 1 || e.Kind != access.EventSubmitted {
		t.Fatalf("got %+v, %v", r, err)
	}
	if effs[0].Kind != access.EffectOpenIssue {
		t.Errorf("effects %v", effs)
	}
	yes := r.Event(access.EventApproved, access.Actor{Person: "ines@acme.example"}, at)
	yes.Approvers = []access.PersonID{"ines@acme.example"}
	next, effs, err := r.Apply(yes, at)
	if err != nil || next.State != access.RequestApproved {
		t.Fatalf("after IT's yes: %s, %v", next.State, err)
	}
	for _, eff := range effs {
		if eff.Kind == access.EffectStartGrant {
			t.Error("a grant is started for what nobody can grant")
		}
	}
	a.Unlisted = "balsamiq"
	if _, _, _, err := access.Submit(testCatalog(), a, access.Standings{Requests: []access.Request{r}}, at); err == nil {
		t.Error("the same thing is asked for twice")
	}
	for _, bad := range []string{"x", strings.Repeat("x", access.MaxUnlisted+1)} {
		a.Unlisted = bad
		_, _, _, err := access.Submit(testCatalog(), a, access.Standings{}, at)
		if refusal, ok := access.AsRefusal(err); !ok || refusal.Field != "unlisted" {
			t.Errorf("a name of %d characters: %v", len(bad), err)
		}
	}
}

// strict is a catalogue whose role is for Finance and needs another one first.
func strict() *catalog.Catalog {
	free := catalog.Durations{Choices: []time.Duration{catalog.Forever}}
	return catalog.New([]catalog.App{{ID: "books", Name: "Books", Status: catalog.Approved, Roles: []catalog.Role{
		{ID: "read", Name: "Read", Route: "nobody", Durations: free},
		{ID: "post", Name: "Post", Route: "nobody", Durations: free, For: catalog.Audience{Departments: []string{"Finance"}}, Needs: []catalog.Holding{{App: "books", Role: "read"}}},
	}}}, []catalog.Route{{Name: "nobody"}})
}

func TestObjectionsComeBeforeTheRequest(t *testing.T) {
	designer, accountant := someone("maya"), someone("sam")
	accountant.Department = "finance"
	read := access.Grant{App: "books", Role: "read", Person: accountant.ID, State: access.GrantActive}
	onTheWay := read
	onTheWay.State = access.GrantProvisioning
	for name, c := range map[string]struct {
		who  access.Person
		has  []access.Grant
		want string
	}{
		"another department":    {designer, nil, "only for Finance"},
		"nothing first":         {accountant, nil, "needs Books · Read first"},
		"on its way isn't held": {accountant, []access.Grant{onTheWay}, "needs Books · Read first"},
		"all is well":           {accountant, []access.Grant{read}, ""},
	} {
		err := access.Ask{Beneficiary: c.who, App: "books", Role: "post"}.Objection(strict(), access.Standings{Grants: c.has})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestACaseKnowsEverybodyItNames(t *testing.T) {
	c := access.Case{
		Request: access.Request{Requester: "maya@x", Beneficiary: "maya@x", State: access.RequestPending, Stages: []access.Stage{
			{Asked: []access.PersonID{"noor@x"}, Answers: []access.Answer{{By: access.Actor{Person: "noor@x"}, Yes: true}}}, {Asked: []access.PersonID{"omar@x"}}}, Stage: 1},
		Fulfillers: []access.PersonID{"ines@x"},
		Story:      []access.Event{{Actor: access.Actor{Person: "grace@x"}}, {}},
		People:     map[access.PersonID]access.Person{"noor@x": {ID: "noor@x", Email: "noor@x", Name: "Noor"}},
	}
	var got []string
	for _, e := range c.Named() {
		got = append(got, string(e))
	}
	if strings.Join(got, " ") != "grace@x ines@x maya@x noor@x omar@x" {
		t.Errorf("named %v", got)
	}
	if noor, omar := c.Person("noor@x").Display(), c.Person("omar@x").Display(); noor != "Noor" || omar != access.Unnamed {
		t.Errorf("Noor is %q, Omar is %q", noor, omar)
	}
	if a := c.Request.Awaited(); len(a) != 1 || a[0] != "omar@x" {
		t.Errorf("waits for %v", a)
	}
}
