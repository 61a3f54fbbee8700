package harness_test

import (
	"context"
	"errors"
	"testing"

	"latchkey/sandbox/harness"
)

// TestALineThatIsWrittenWronglyIsNoRefusal: a story that expects to be refused doesn't get that by naming what isn't there.
func TestALineThatIsWrittenWronglyIsNoRefusal(t *testing.T) {
	a := newApp(t)
	a.call("chat.postMessage", card)
	h := &harness.Harness{World: a.world, Timeout: 1}
	for name, c := range map[string]struct {
		line []string
		want bool
	}{
		"nobody is called that":         {[]string{"slack", "noro", "submit"}, true},
		"nothing that can be done":      {[]string{"slack", "noor", "sumbit"}, true},
		"there is no modal":             {[]string{"slack", "noor", "submit"}, true},
		"nothing to fill it into":       {[]string{"slack", "noor", "submit", "reason=So"}, true},
		"not a name and a value":        {[]string{"slack", "noor", "submit", "reason"}, true},
		"a button that nobody answers":  {[]string{"slack", "noor", "click", "Approve"}, false},
		"a button that isn't there any": {[]string{"slack", "noor", "click", "Deny"}, false},
	} {
		if _, err := h.Do(context.Background(), c.line...); err == nil || errors.Is(err, harness.ErrUnplayable) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
