package people

import (
	"context"
	"testing"

	"latchkey/access"
	"latchkey/idp"
)

// panicking is a directory with a fault of its own.
type panicking struct{ idp.Directory }

func (panicking) ID() string { return "okta" }

func (panicking) FindPerson(context.Context, string) (idp.Person, error) { panic("nil map") }

// A panic in a look-up at the side reaches whoever waits for it, who is prepared,
// instead of ending the process.
func TestAPanicAtTheSideReachesWhoWaits(t *testing.T) {
	reached := func(do func()) (p any) {
		defer func() { p = recover() }()
		do()
		return nil
	}
	if p := reached(func() { sideBySide(3, func(i int) { panic(i) }) }); p == nil {
		t.Error("several side by side")
	}
	s := &identities{dirs: Directories{panicking{}, panicking{}}}
	q := access.IdentityQuestion{Account: access.AccountSnapshot{Address: "maya@acme.example"}}
	if p := reached(func() { s.lookAround(t.Context(), &q, access.Person{}) }); p != "nil map" {
		t.Errorf("all directories: %v", p)
	}
}
