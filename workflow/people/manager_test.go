package people_test

import (
	"slices"
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/idp"
)

// A new manager whom Latchkey hasn't met is asked even while what is known of the person is forgotten again and again, because
// others want it looked up anew: a manager who is in Slack isn't said to be unknown there.
func TestANewManagerIsFoundWhileOthersLookAnew(t *testing.T) {
	for range 100 {
		w := familiar(t, nil)
		w.set(func(w *world) {
			w.members["lena"] = access.Person{Email: "lena@acme.example", Name: "Lena", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-lena"}}}
			w.staff["lena"] = idp.Person{ID: "00u-lena", Login: "lena@acme.example", Email: "lena@acme.example", Status: idp.Active}
		})
		w.account("maya", func(p *idp.Person) { p.ManagerEmail = "lena@acme.example" })
		over := make(chan struct{})
		var others sync.WaitGroup
		others.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
					w.Forget(maya)
				}
			}
		})
		found, err := w.Deciders(t.Context(), request(maya, "manager"))
		close(over)
		others.Wait()
		if err != nil || len(found.Who) != 1 || w.stored(found.Who[0]).Email != "lena@acme.example" || len(found.Unfound) > 0 {
			t.Fatalf("%+v, %v", found, err)
		}
		if p := w.stored(maya); !slices.Equal(found.Who, []access.PersonID{p.Manager}) {
			t.Errorf("her manager is %q", p.Manager)
		}
	}
}
