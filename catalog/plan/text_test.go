package plan_test

import (
	"testing"

	"latchkey/catalog/plan"
)

func TestTextNamesTheFirstAndCountsAll(t *testing.T) {
	for _, c := range []struct {
		line  plan.Line
		names int
		want  string
	}{
		{plan.Line{Says: "requests"}, 5, "requests"},
		{plan.Line{About: "Figma · Editor", Says: "is offered"}, 5, "Figma · Editor: is offered"},
		{plan.Line{Says: "may say yes", Count: 1, Who: []string{"Grace"}}, 5, "may say yes [Grace]"},
		{plan.Line{Says: "may say yes", Count: 3, Who: []string{"Ada", "Ben", "Cem"}}, 2, "may say yes [3: Ada, Ben, and 1 more]"},
		{plan.Line{Says: "may say yes", Count: 250, Who: []string{"Ada"}}, 0, "may say yes [250]"},
		{plan.Line{Says: "can't", Who: []string{"department Sales", "no type known"}}, 1, "can't [department Sales; and 1 more]"},
	} {
		if got := c.line.Text(c.names); got != c.want {
			t.Errorf("%q, not %q", got, c.want)
		}
	}
}
