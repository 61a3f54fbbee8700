package check

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/watch"
)

// Whatever goes with a transition says which one it was. The key of the status is
// part of it.
const testMark = "first contact, on the way to "

// testPayload is what is given to a transition, to see what of it arrives: a comment,
// a property and words for the issue's history.
func testPayload(key string) transition.Payload {
	return transition.Payload{
		Tries:      true,
		Comment:    stamp.Comment(stamp.Stamp{ID: testMark + key, Audience: stamp.Agents}, adf.New(adf.Paragraph(adf.Text(testMark+key)))),
		Properties: []stamp.Property{{Key: testProperty(key), Value: testMark + key}},
		History:    map[string]any{"type": "latchkey", "description": testMark + key},
	}
}

func testProperty(key string) string { return stamp.StateProperty + ".to-" + key }

// travels tells what of a transition's payload arrived. Latchkey relies on none of
// it; an administrator should know all the same.
func (t *firstContact) travels(ctx context.Context) {
	if t.passed == "" {
		return
	}
	want := testMark + t.passed
	comment := false
	err := watch.EachComment(ctx, t.c.api, t.is.ID, func(m rest.Comment) {
		comment = comment || strings.Contains(adf.DocumentText(m.Body), want)
	})
	if !t.failed("comment in a transition", err) {
		t.arrived("comment in a transition", comment, "comments are written by themselves")
	}
	var page struct {
		Values []struct{ HistoryMetadata struct{ Description string } }
	}
	err = t.c.api.Fetch(ctx, rest.Get("read the issue's history", rest.IssuePath(t.is.ID, "/changelog"), nil), &page)
	history := false
	for _, v := range page.Values {
		history = history || v.HistoryMetadata.Description == want
	}
	if !t.failed("history in a transition", err) {
		t.arrived("history in a transition", history, "the issue's own history names nobody but Latchkey's account; the comments say who decided")
	}
	var property struct{ Value json.RawMessage }
	err = t.c.api.Fetch(ctx, rest.Get("read a property of the issue", rest.IssuePath(t.is.ID, "/properties/", testProperty(t.passed)), nil), &property)
	if rest.StatusOf(err) == http.StatusNotFound {
		err = nil
	}
	if !t.failed("property in a transition", err) {
		t.arrived("property in a transition", stamp.ReadText(property.Value) == want, "the state is written by itself")
	}
}

// arrived says whether something arrived, and what it means if it didn't.
func (t *firstContact) arrived(what string, did bool, otherwise string) {
	if did {
		t.say(what, Good, "arrives")
		return
	}
	t.say(what, Good, "is dropped: %s", otherwise)
}
