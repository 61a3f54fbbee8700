package app

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog/plan"
	"latchkey/config"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
)

// known puts people into a store as they were seen last.
func known(t *testing.T, s store.Store, all map[string]access.Person) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		for name, p := range all {
			at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
			p.ID, p.Email, p.Kind, p.Standing = access.PersonID("P-"+strings.ToUpper(name + "XXXXXXXXXX")[:10]), access.NewEmail(name+"@acme.example"), access.Employee, access.Active
			p.Bindings = []access.Binding{
				{System: access.SystemSlack, ID: "U-" + name, Level: access.AssuranceFirst, Since: at},
				access.ShownAddress(access.SystemSlack, p.Email, access.AssuranceStated, at),
			}
			k := store.Known{Person: p}
			if err := store.PutPerson(tx, &k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// changedConfig is the example with edits.
func changedConfig(t *testing.T, edits ...string) *config.Config {
	t.Helper()
	source, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("config.yaml", []byte(strings.NewReplacer(edits...).Replace(string(source))), func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestARehearsalKnowsWhoGainsAndLosesApprovalPower(t *testing.T) {
	s := bolttest.Open(t)
	known(t, s, map[string]access.Person{
		"maya": {Name: "Maya Lind", Department: "Design", Employment: "Employee", Manager: "P-NOORXXXXXX"},
		"noor": {Name: "Noor Haddad", Department: "Design", Employment: "Employee"},
		"omar": {Name: "Omar Haddad", Department: "Engineering", Employment: "Employee"},
		"lena": {Name: "Lena Fischer", Department: "Sales", Employment: "Employee", Manager: "P-OMARXXXXXX"},
	})
	before := changedConfig(t)
	after := changedConfig(t, "owners: [noor@acme.example]\n    tags: [design, prototype, ui]", "owners: [omar@acme.example]\n    tags: [design, prototype, ui]")
	p, err := rehearse(t.Context(), s, outside{}, time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC), before, after)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, l := range p.Changes {
		if l.Section == plan.Deciding {
			said = append(said, string(l.Sign)+" "+l.Text(5))
		}
	}
	want := []string{
		"+ Figma · Admin: may say yes [Omar Haddad for 2]",
		"- Figma · Admin: can't say yes any more [Noor Haddad for 3]",
		"- Figma · Editor: can't say yes any more [Noor Haddad for 1]", // she stood in for whoever has no manager
	}
	if !slices.Equal(said, want) || p.People != 4 {
		t.Errorf("%q of %d\n%+v", said, p.People, p)
	}
}
