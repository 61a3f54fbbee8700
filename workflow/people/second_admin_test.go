package people_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
)

// What IT says of somebody who decides on others' access counts once a second person of
// IT has confirmed it: not the one it is about, and not whoever said it.
func TestTheSecondWordOfIT(t *testing.T) {
	w := familiar(t, nil)
	say, root := w.Corrections(), access.Actor{Via: access.ViaCLI, Account: "root"}
	words := func(says string) error { return say.Seconded(t.Context(), says, root, maya, noor) }
	if err := say.Seconded(t.Context(), "anything", root, maya); err != nil {
		t.Errorf("Maya decides nothing: %v", err)
	}
	err := words("noor has okta:00u9")
	told := len(w.told)
	if !refused(err) || words("noor has okta:00u9").Error() != err.Error() || told == 0 || len(w.told) != told {
		t.Fatalf("%v; IT was told %q", err, w.told)
	}
	_, id, _ := strings.Cut(err.Error(), "confirm ")
	id, _, _ = strings.Cut(id, " ")
	for _, who := range []access.PersonID{noor, maya} {
		if _, err := w.Confirm(t.Context(), id, access.Actor{Person: who, Via: access.ViaSlack}); !refused(err) {
			t.Errorf("confirmed by %s: %v", who, err)
		}
	}
	if _, err := w.Confirm(t.Context(), id, root); !refused(err) {
		t.Errorf("confirmed at the terminal: %v", err)
	}
	if says, err := w.Confirm(t.Context(), strings.ToLower(id), access.Actor{Person: ines, Via: access.ViaSlack}); err != nil || says != "noor has okta:00u9" {
		t.Fatalf("%q, %v", says, err)
	}
	if err := words("noor has okta:00u9"); err != nil {
		t.Errorf("confirmed: %v", err)
	}
	if err := words("noor has okta:00u8"); !refused(err) {
		t.Errorf("something else is not confirmed: %v", err)
	}
	w.pass(24 * time.Hour)
	if err := words("noor has okta:00u9"); !refused(err) {
		t.Errorf("a day later: %v", err)
	}
	if _, err := w.Confirm(t.Context(), id, access.Actor{Person: ines, Via: access.ViaSlack}); !refused(err) {
		t.Errorf("what is too old: %v", err)
	}
}
