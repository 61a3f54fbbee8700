package kit_test

import (
	"fmt"
	"strings"
	"testing"

	"latchkey/sandbox/slack/kit"
)

// TestPickOptionSaysHowManyThereAre: a list that is cut says so.
func TestPickOptionSaysHowManyThereAre(t *testing.T) {
	option := func(n int) kit.Object {
		return kit.Object{"text": kit.Object{"type": "plain_text", "text": fmt.Sprintf("Role %d", n)}, "value": fmt.Sprint(n)}
	}
	var options []kit.Object
	for n := range 12 {
		options = append(options, option(n))
	}
	for _, one := range []struct {
		more int
		want string
	}{{0, `"Role 11"]`}, {3, `"Role 11"] and 3 more`}} {
		all := options
		for n := range one.more {
			all = append(all, option(12+n))
		}
		if _, err := kit.PickOption(kit.Slot{}, all, "Owner"); err == nil || !strings.HasSuffix(err.Error(), one.want) {
			t.Errorf("it says %v, want %s", err, one.want)
		}
	}
	if got, err := kit.PickOption(kit.Slot{}, options, "Role 3"); err != nil || kit.Str(got.(kit.Object), "value") != "3" {
		t.Errorf("%v %v", got, err)
	}
}
