package access_test

import (
	"testing"
	"time"

	"latchkey/access"
)

func TestWhoComesBack(t *testing.T) {
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	active := access.Person{Email: "ann@acme.test", Kind: access.Employee, Standing: access.Active, Number: "4711"}
	away := func(since time.Time, number string) access.Person {
		p := active
		p.Standing, p.Away, p.Number = access.Left, since, number
		return p
	}
	for name, c := range map[string]struct {
		was    access.Person
		number string
		change func(*access.Person)
		want   access.Return
	}{
		"was never away":                  {active, "4711", nil, access.ReturnNone},
		"shows no number any more":        {active, "", nil, access.ReturnNone},
		"another address":                 {active, "4711", func(p *access.Person) { p.Email = "lee@acme.test" }, access.ReturnNone},
		"another number":                  {active, "4712", nil, access.ReturnNone},
		"another address and number":      {active, "4712", func(p *access.Person) { p.Email = "lee@acme.test" }, access.ReturnDoubted},
		"back within the grace":           {away(start.Add(-24*time.Hour), ""), "", nil, access.ReturnSoon},
		"back later":                      {away(start.Add(-25*time.Hour), ""), "", nil, access.ReturnDoubted},
		"back later with the same number": {away(start.Add(-100*24*time.Hour), "4711"), "4711", nil, access.ReturnSame},
		"back later with another number":  {away(start.Add(-25*time.Hour), "4711"), "4712", nil, access.ReturnDoubted},
		"back, nobody knows from when":    {away(time.Time{}, ""), "", nil, access.ReturnDoubted},
		"on hold, which says nothing":     {away(start.Add(-25*time.Hour), ""), "", func(p *access.Person) { p.Standing = access.Suspended }, access.ReturnNone},
		"still away":                      {away(start.Add(-25*time.Hour), ""), "", func(p *access.Person) { p.Standing = access.Left }, access.ReturnNone},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.was
			p.Standing = access.Active
			if c.change != nil {
				c.change(&p)
			}
			p, got := p.Continue(c.was, c.number, start)
			if got != c.want {
				t.Fatalf("came back %q, want %q", got, c.want)
			}
			doubted := c.want == access.ReturnDoubted
			if p.Doubted.IsZero() == doubted || doubted && p.MayAct() == nil {
				t.Errorf("doubted: %v; may act: %v", p.Doubted, p.MayAct())
			}
			if doubted && p.Confirm("4712").MayAct() != nil {
				t.Errorf("IT says it is the same: %v", p.Confirm("4712").MayAct())
			}
			if p.Standing == access.Active && !p.Away.IsZero() {
				t.Error("is here, and away")
			}
		})
	}
}

func TestAnotherHumanHasTheAccounts(t *testing.T) {
	p, err := access.Person{ID: "P-ANN0000000", Kind: access.Employee, Standing: access.Active}.Bind(slackAccount("U1", at), "")
	if err != nil {
		t.Fatal(err)
	}
	p = p.Rename(access.ShownAddress("slack", "ann@acme.test", access.AssuranceChecked, at)).Leave(at)
	if p.Account("slack") != "" || len(p.Addresses()) != 0 || p.Standing != access.Left || len(p.Bindings) != 2 {
		t.Errorf("left with %+v", p)
	}
}
