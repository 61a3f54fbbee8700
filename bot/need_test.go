package bot

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
)

func TestHowManyHaveToAgree(t *testing.T) {
	two := change(asked(), func(c *access.Case) { c.Request.Stages[0].Need = catalog.Need{AtLeast: 2} })
	for _, face := range []struct {
		audience notify.Audience
		reader   access.Person
		want     string
	}{
		{notify.ToApprover, noor, "2 different people have to say yes; also asked: "},
		{notify.ToRequester, maya, "2 different people have to say yes. This message changes"},
	} {
		c := mustDraw(t, notify.CardUpdate{Content: shows(two), Audience: face.audience, Reader: face.reader})
		if !strings.Contains(c.Text, face.want) {
			t.Errorf("%s reads %s, want …%s…", face.audience, c.Text, face.want)
		}
	}
	route := catalog.Route{Stages: []catalog.Stage{
		{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}, {Kind: catalog.Security}}, Need: catalog.Need{AtLeast: 2}},
	}}
	if got := routeText(route); got != "Needs a yes from your manager, then 2 people (an owner of the app or an admin)." {
		t.Errorf("the form says %s", got)
	}
}
