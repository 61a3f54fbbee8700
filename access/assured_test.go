package access_test

import (
	"testing"
	"time"

	"latchkey/access"
)

// known is somebody with accounts in Slack and in a directory, found by the address.
func known(t *testing.T) access.Person {
	t.Helper()
	p := access.Person{ID: "P-ANN0000000", Kind: access.Employee, Standing: access.Active}
	for _, b := range []access.Binding{
		{System: "slack", ID: "U1", Level: access.AssuranceFirst, Since: at},
		{System: "okta", ID: "00u1", Level: access.AssuranceChecked, How: "the address", Since: at},
	} {
		var err error
		if p, err = p.Bind(b, ""); err != nil {
			t.Fatal(err)
		}
	}
	return p.Rename(access.ShownAddress("slack", annAddress, access.AssuranceChecked, at)).Rename(access.ShownAddress("okta", annAddress, access.AssuranceStated, at))
}

func TestHowSurelyAnAccountIsKnown(t *testing.T) {
	later := at.Add(48 * time.Hour)
	tie := func(level access.Assurance, declared string, since time.Time) func(access.Person) access.Person {
		return func(p access.Person) access.Person {
			p, err := p.Tie(access.Binding{System: "okta", ID: "00u1", Level: level, Declared: declared, Since: since}, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	for name, c := range map[string]struct {
		change func(access.Person) access.Person
		when   time.Time
		want   access.Assurance
	}{
		"found by the address":                  {nil, later, access.AssuranceChecked},
		"members are declared to sign in by it": {tie(access.AssuranceStated, "okta", at.Add(time.Hour)), later, access.AssuranceStated},
		"that was declared of another one":      {tie(access.AssuranceStated, "entra", at.Add(time.Hour)), later, access.AssuranceChecked},
		"a code in Jira said so":                {tie(access.AssuranceStated, "", at.Add(time.Hour)), later, access.AssuranceStated},
		"they signed in, a day after":           {tie(access.AssuranceProven, "", at.Add(25*time.Hour)), later, access.AssuranceProven},
		"they signed in, within the day":        {tie(access.AssuranceProven, "", at.Add(time.Hour)), at.Add(2 * time.Hour), access.AssuranceChecked},
		"which counts after a day":              {tie(access.AssuranceProven, "", at.Add(time.Hour)), at.Add(24 * time.Hour), access.AssuranceProven},
		"IT says so":                            {tie(access.AssuranceByIT, "", at.Add(time.Hour)), at.Add(2 * time.Hour), access.AssuranceByIT},
		"no account there any more":             {func(p access.Person) access.Person { return p.Unbind("okta", at) }, later, access.AssuranceSaid},
		"another account in Slack since": {func(p access.Person) access.Person {
			p = tie(access.AssuranceByIT, "", at.Add(time.Hour))(p).Unbind("slack", at.Add(2*time.Hour))
			p, _ = p.Bind(access.Binding{System: "slack", ID: "U2", Level: access.AssuranceFirst, Since: at.Add(3 * time.Hour)}, "")
			return p
		}, later, access.AssuranceChecked},
		"met by the directory first": {func(p access.Person) access.Person {
			p = access.Person{ID: p.ID}
			p, _ = p.Bind(access.Binding{System: "okta", ID: "00u1", Level: access.AssuranceFirst, Since: at}, "")
			p, _ = p.Bind(access.Binding{System: "slack", ID: "U1", Level: access.AssuranceChecked, Since: at.Add(time.Hour)}, "")
			return p
		}, later, access.AssuranceChecked},
	} {
		p := known(t)
		if c.change != nil {
			p = c.change(p)
		}
		if got := p.KnownBy("okta", "okta", c.when); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	if p := known(t).Unbind("okta", at); !access.CountsFrom(p, "okta", later).IsZero() {
		t.Error("nothing was proved")
	}
}

// What was found by an address is raised by a proof, and never lowered by less.
func TestATieIsNotLoosened(t *testing.T) {
	p := known(t)
	for _, level := range []access.Assurance{access.AssuranceStated, access.AssuranceByIT, access.AssuranceStated, access.AssuranceProven} {
		var err error
		if p, err = p.Tie(access.Binding{System: "okta", ID: "00u1", Level: level, Since: at.Add(time.Hour)}, p.ID); err != nil {
			t.Fatal(err)
		}
	}
	if b, _ := p.Bound("okta"); b.Level != access.AssuranceByIT {
		t.Errorf("it is %s", b.Level)
	}
	if _, err := p.Tie(access.Binding{System: "okta", ID: "00u2", Level: access.AssuranceProven, Since: at}, ""); err == nil {
		t.Error("a second account was bound")
	}
	if _, err := p.Tie(access.Binding{System: "okta", ID: "00u1", Level: access.AssuranceProven, Since: at}, "P-BEN0000000"); err == nil {
		t.Error("somebody else's was bound")
	}
}

// An account that was said not to be theirs is bound to them again by the word of IT
// alone.
func TestADeniedAccountStaysAway(t *testing.T) {
	p := known(t).Disown("okta", at.Add(time.Hour))
	if !p.Denies("okta", "00u1") || p.Account("okta") != "" || p.Shows("okta") != "" {
		t.Fatalf("%+v", p.Bindings)
	}
	for _, level := range []access.Assurance{access.AssuranceChecked, access.AssuranceStated, access.AssuranceProven} {
		if _, err := p.Tie(access.Binding{System: "okta", ID: "00u1", Level: level, Since: at.Add(2 * time.Hour)}, ""); err == nil {
			t.Errorf("%s bound it again", level)
		}
	}
	q := access.IdentityQuestion{Account: member("U1", annAddress), Bound: &p, At: at.Add(2 * time.Hour), SignIn: "okta",
		Directories: []access.DirectoryAnswer{{System: "okta", ByAddress: login("00u1", annAddress)}}}
	if id := access.Identify(q); len(id.Bind)+len(id.Tie) > 0 || len(id.Conflicts) != 1 {
		t.Errorf("by its address it comes to %s", told(id))
	}
	p, err := p.Tie(access.Binding{System: "okta", ID: "00u1", Level: access.AssuranceByIT, Since: at.Add(3 * time.Hour)}, "")
	if err != nil || p.Denies("okta", "00u1") || p.Account("okta") != "00u1" {
		t.Errorf("IT says that it is theirs: %v, %+v", err, p.Bindings)
	}
}

func TestTwoPeopleWhoAreOne(t *testing.T) {
	ann := known(t)
	twin := access.Person{ID: "P-TWIN000000", Kind: access.Employee, Standing: access.Active}
	for _, b := range []access.Binding{{System: "slack", ID: "U9", Level: access.AssuranceFirst, Since: at}, {System: "entra", ID: "e1", Level: access.AssuranceChecked, Since: at}} {
		var err error
		if twin, err = twin.Bind(b, ""); err != nil {
			t.Fatal(err)
		}
	}
	twin = twin.Rename(access.ShownAddress("slack", "twin@acme.test", access.AssuranceChecked, at))
	kept, gone := access.Absorb(ann, twin, "IT says so", at.Add(time.Hour))
	if kept.Account("slack") != "U1" || kept.Account("entra") != "e1" || kept.Email != annAddress || len(access.AccountsOf(kept)) != 4 {
		t.Errorf("kept is %+v", kept)
	}
	if b, _ := kept.Bound("entra"); b.Level != access.AssuranceByIT {
		t.Errorf("of IT's word, it is %s", b.Level)
	}
	if gone.Same != ann.ID || len(access.AccountsOf(gone)) != 0 || kept.United[0] != twin.ID || !kept.Held("twin@acme.test") {
		t.Errorf("gone is %+v", gone)
	}
	// The second account in Slack doesn't change what she is called by.
	id := access.Identify(access.IdentityQuestion{Account: member("U9", "twin@acme.test"), Bound: &kept, At: at.Add(2 * time.Hour)})
	if id.Verdict != access.IdentityKnown || len(id.Rename) != 0 {
		t.Errorf("by the second account she is %s", told(id))
	}
	apart := access.Split(kept, "entra", "e1", at.Add(3*time.Hour))
	if apart.Account("entra") != "" || apart.Account("okta") != "00u1" {
		t.Errorf("apart she is %+v", apart)
	}
}

func TestOneHumanInTwoPlaces(t *testing.T) {
	yes := func(who access.PersonID) access.Answer {
		return access.Answer{By: access.Actor{Person: who}, Yes: true}
	}
	one := access.Request{Requester: "P-MAYA", Beneficiary: "P-MAYA", State: access.RequestPending, Stages: []access.Stage{
		{Asked: []access.PersonID{"P-NOOR"}, Answers: []access.Answer{yes("P-NOOR")}}, {Asked: []access.PersonID{"P-TWIN", "P-OMAR"}, Answers: []access.Answer{yes("P-TWIN")}}, {},
	}, Waiting: []access.KeptAnswer{{By: access.Actor{Person: "P-TWIN"}}}}
	distinct := one
	distinct.Distinct = true
	pair := access.Request{Requester: "P-MAYA", Stages: []access.Stage{{Answers: []access.Answer{yes("P-NOOR"), yes("P-TWIN")}}}}
	for name, c := range map[string]struct {
		r        access.Request
		from, to access.PersonID
		twice    bool
	}{
		"two stages, which one may answer": {one, "P-TWIN", "P-NOOR", false},
		"two stages that need two":         {distinct, "P-TWIN", "P-NOOR", true},
		"who asks has said yes":            {one, "P-TWIN", "P-MAYA", true},
		"two of one stage":                 {pair, "P-TWIN", "P-NOOR", true},
		"nobody who stands there":          {distinct, "P-OMAR", "P-ZOE", false},
		"who asks, under the other id":     {one, "P-MAYA", "P-NOOR", true},
	} {
		r := c.r.Unite(c.from, c.to)
		if got := r.Twice() != ""; got != c.twice {
			t.Errorf("%s: %q", name, r.Twice())
		}
		for _, who := range r.Everybody() {
			if who == c.from {
				t.Errorf("%s: %s is still there", name, who)
			}
		}
		if len(c.r.Everybody()) > 0 && c.r.Twice() != "" {
			t.Errorf("%s: it was changed itself", name)
		}
	}
}
