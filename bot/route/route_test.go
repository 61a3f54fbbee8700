package route

import (
	"context"
	"strings"
	"testing"

	"latchkey/bot/payload"
)

// does is a click that notes its name.
func does(name string, done *string) Click {
	return func(context.Context, payload.Interaction, payload.Action) error {
		*done = name
		return nil
	}
}

func TestAnActionOfAViewGoesFirst(t *testing.T) {
	var done string
	all, err := Merge(
		Table{Clicks: map[Key]Click{Anywhere("before"): does("anywhere", &done)}},
		Table{Clicks: map[Key]Click{In("home", "before"): does("home", &done)}, Shortcuts: map[string]Signal{"link": func(payload.Interaction) {}}},
	)
	if err != nil {
		t.Fatal(err)
	}
	for view, want := range map[string]string{"home": "home", "browse": "anywhere", "": "anywhere"} {
		if err := all.Click(view, "before")(t.Context(), payload.Interaction{}, payload.Action{}); err != nil || done != want {
			t.Errorf("in %q: %s, %v", view, done, err)
		}
	}
	if all.Click("home", "nothing") != nil || all.Shortcuts["link"] == nil {
		t.Error("what nobody declared is found, or what somebody did is not")
	}
}

func TestANameDeclaredTwiceIsAnError(t *testing.T) {
	one := Table{Submissions: map[string]Submission{"deny": nil}}
	if _, err := Merge(one, one); err == nil || !strings.Contains(err.Error(), "deny") {
		t.Errorf("merged with %v", err)
	}
}
