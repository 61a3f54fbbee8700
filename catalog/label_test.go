package catalog_test

import (
	"testing"

	"latchkey/catalog"
)

func TestSameLabel(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Design", "design", true}, {" Ärzte ", "ärzte", true}, {"ÑANDÚ", "ñandú", true}, {"", " ", true},
		{"Kiosk", "\u212aiosk", false}, {"sales", "\u017fales", false}, {"IT", "\u0130T", false}, {"it", "\u0131t", false},
		{"Design", "Designs", false}, {"Sales", "Sales\u200b", false}, {"Sales", "\uff33ales", false}, {"a\xff", "a\xfe", false},
	} {
		if catalog.SameLabel(c.a, c.b) != c.same || catalog.SameLabel(c.b, c.a) != c.same {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.same)
		}
	}
	for who, admitted := range map[string]bool{"finance": true, "\ufb01nance": false, "F\u0130nance": false} {
		if (catalog.Audience{Departments: []string{"Finance"}}).Admits(who, nil) != admitted {
			t.Errorf("%q is admitted: want %v", who, admitted)
		}
	}
}
