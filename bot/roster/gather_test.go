package roster

import (
	"fmt"
	"testing"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/sandbox/slack"
)

// Many are read off the list in one go, by id and by address, and are known from
// then on; few are left to be asked for alone, and who is not there is no failure.
func TestManyMembersAreReadAtOnce(t *testing.T) {
	w, r := inWorkspace(t)
	var ids []string
	var addresses []access.Email
	for n := range 2 * gatherFrom {
		email := fmt.Sprintf("crowd%d@acme.example", n)
		u := w.AddUser(slack.User{Name: fmt.Sprint("crowd", n), RealName: "C", Email: email})
		if n%2 == 0 {
			ids = append(ids, u.ID)
		} else {
			addresses = append(addresses, access.NewEmail(email))
		}
	}
	calls := func() (list, one int) {
		s := w.Stats()
		return s["users.list"], s["users.info"] + s["users.lookupByEmail"]
	}
	if err := r.Gather(w.Ctx, ids[:gatherFrom-1], nil); err != nil {
		t.Fatal(err)
	}
	if list, _ := calls(); list != 0 {
		t.Errorf("for so few the list was read %d times", list)
	}
	w.AddFault(slack.Fault{Method: "users.list", Times: 1, RetryAfter: 3})
	bottest.WantFailure(t, r.Gather(w.Ctx, ids, addresses), access.Limited)
	if err := r.Gather(w.Ctx, append(ids, "U404", ""), append(addresses, "nobody@acme.example")); err != nil {
		t.Fatal(err)
	}
	_, before := calls()
	for _, id := range ids {
		if _, err := r.Member(w.Ctx, id); err != nil {
			t.Error(err)
		}
	}
	for _, a := range addresses {
		if p, err := r.MemberByEmail(w.Ctx, a); err != nil || p.Email != a {
			t.Errorf("%s is %+v, %v", a, p, err)
		}
	}
	if _, after := calls(); after != before {
		t.Errorf("%d were asked for alone all the same", after-before)
	}
	list, _ := calls()
	if err := r.Gather(w.Ctx, ids, addresses); err != nil {
		t.Fatal(err)
	}
	if again, _ := calls(); again != list {
		t.Error("the list was read again for those who are known")
	}
}
