package check

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/issue"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/watch"
)

// indexTimeout is how long the first contact waits for an issue to be found.
const indexTimeout = time.Minute

// FirstContact opens a throw-away issue in Latchkey's own name, walks it through
// the workflow, and reports how this site behaves where Atlassian's documentation
// leaves it open. The issue is left in its last status with a comment that says
// what it is. Finding.Level is Fault where Latchkey could not live with it.
func (c *Checker) FirstContact(ctx context.Context) []Finding {
	s, err := c.sites.Site(ctx)
	if err != nil {
		return []Finding{{"first contact", Fault, access.Classify(err).Sentence}}
	}
	t := &firstContact{c: c, s: s, looked: map[string]bool{}}
	if !t.open(ctx) {
		return t.out
	}
	for _, look := range []func(context.Context){t.unknownField, t.property, t.internalComment, t.index, t.walk, t.travels, t.closedProperty} {
		look(ctx)
	}
	return t.out
}

// firstContact is one run.
type firstContact struct {
	c   *Checker
	s   *site.Site
	is  issue.Created
	out []Finding

	at     string          // the status the issue is in, by its id
	looked map[string]bool // statuses that were looked around in, by their keys
	passed string          // key of the status that the first transition reached
}

// say reports something. What is wrong in every status is said once.
func (t *firstContact) say(check string, level Level, format string, args ...any) {
	if level == Fault && slices.ContainsFunc(t.out, func(f Finding) bool { return f.Level == Fault && f.Check == check }) {
		return
	}
	t.out = append(t.out, Finding{check, level, fmt.Sprintf(format, args...)})
}

func (t *firstContact) failed(check string, err error) bool {
	if err != nil {
		t.say(check, Fault, "%s", access.Classify(err).Sentence)
	}
	return err != nil
}

// values fill in the form so that everybody sees what the issue is.
func (t *firstContact) values() map[string]any {
	cs := access.Case{Request: access.Request{ID: stamp.TestIssue, App: "first contact", Role: "test"}}
	text := adf.New(adf.Paragraph(adf.Text("A test issue of latchkey check --first-contact. No access is asked for or given; it may be deleted.")))
	values, _ := issue.FormValues(t.s.Form, cs, text)
	t.s.Form.Choose(values)
	return values
}

// open makes the issue and reports where Jira says that it is.
func (t *firstContact) open(ctx context.Context) bool {
	body, err := t.create(ctx, t.values())
	if t.failed("create", err) {
		return false
	}
	if t.is = issue.ReadCreated(body); t.is.Key == "" {
		t.say("create", Fault, "the answer to the create names no issueKey")
		return false
	}
	t.say("create", Good, "%s was opened in the status that customers know as %q", t.is.Key, t.is.CustomerStatus)
	var links struct {
		Links struct{ Web, JiraRest string } `json:"_links"`
	}
	if err := json.Unmarshal(body, &links); err == nil {
		t.say("links", Good, "the portal's link points to %s, the API's to %s", hostOf(links.Links.Web), hostOf(links.Links.JiraRest))
	}
	return true
}

func (t *firstContact) create(ctx context.Context, values map[string]any) ([]byte, error) {
	return t.c.api.Do(ctx, rest.Call{Method: http.MethodPost, Path: "rest/servicedeskapi/request", NonIdempotent: true, What: "open a test issue",
		Body: map[string]any{"serviceDeskId": t.s.ServiceDesk, "requestTypeId": t.s.Form.RequestType, "requestFieldValues": values, "isAdfRequest": true}})
}

func hostOf(link string) string {
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		return u.Host
	}
	return "nowhere"
}

// unknownField asks for a field that is not on the form.
func (t *firstContact) unknownField(ctx context.Context) {
	values := t.values()
	values["customfield_999999"] = "x"
	body, err := t.create(ctx, values)
	if err != nil {
		t.say("unknown field", Good, "a field that is not on the form is refused: %s", access.Classify(err).Sentence)
		return
	}
	t.say("unknown field", Note, "a field that is not on the form is ignored, and %s was opened; it may be deleted", issue.ReadCreated(body).Key)
}

// property tells whether writing a property counts as an update.
func (t *firstContact) property(ctx context.Context) {
	before, err := t.updated(ctx)
	if err == nil {
		err = t.c.properties.Put(ctx, t.is.ID, access.IssueRecord{State: "first contact"})
	}
	after, again := t.updated(ctx)
	if t.failed("property", err) || t.failed("property", again) {
		return
	}
	verb := "does not count"
	if before != after {
		verb = "counts"
	}
	t.say("property", Good, "writing a property %s as an update of the issue", verb)
}

func (t *firstContact) updated(ctx context.Context) (string, error) {
	var answer struct{ Fields struct{ Updated string } }
	err := t.c.api.Fetch(ctx, rest.Get("read the issue", rest.IssuePath(t.is.ID), url.Values{"fields": {"updated"}}), &answer)
	return answer.Fields.Updated, err
}

// internalComment tells whether evidence is hidden from customers.
func (t *firstContact) internalComment(ctx context.Context) {
	body := map[string]any{
		"body":       adf.New(adf.Paragraph(adf.Text("Internal: written by latchkey check --first-contact."))),
		"properties": []stamp.Property{{Key: stamp.VisibilityProperty, Value: map[string]bool{"internal": true}}},
	}
	if t.failed("internal comment", t.c.comments.Add(ctx, t.is.ID, body)) {
		return
	}
	public, n := false, 0
	err := watch.EachComment(ctx, t.c.api, t.is.ID, func(m rest.Comment) {
		n++
		public = public || m.Public()
	})
	switch {
	case t.failed("internal comment", err):
	case n == 0 || public:
		t.say("internal comment", Fault, "a comment marked as internal is shown to customers: evidence would be too. Ask Atlassian why the property %s has no effect here", stamp.VisibilityProperty)
	default:
		t.say("internal comment", Good, "a comment marked as internal is hidden from customers")
	}
}

// index measures how far the search lags behind.
func (t *firstContact) index(ctx context.Context) {
	began := t.c.api.Now()
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, 5*time.Second) {
		hits, err := t.c.api.Search(ctx, fmt.Sprintf("project = %s AND summary ~ %s ORDER BY key DESC", rest.Quote(t.s.Project), rest.Quote(rest.Quote(stamp.TestIssue))), 50)
		if t.failed("search", err) {
			return
		}
		took := t.c.api.Now().Sub(began).Round(100 * time.Millisecond)
		if slices.ContainsFunc(hits, func(h rest.FoundIssue) bool { return h.ID == t.is.ID }) {
			t.say("search", Good, "the issue was found after %s", took)
			return
		}
		if took > indexTimeout || t.c.api.Wait(ctx, pause) != nil {
			t.say("search", Note, "the issue was not found within %s: set jira.search_lag to more than the time it takes", took)
			return
		}
	}
}

// paths are the lives that requests have, each of which an issue of its own goes through; the first one goes through the
// first.
func paths() [][]string {
	return [][]string{
		{site.Pending, site.Approved, site.Stuck, site.Active, site.Ended},
		{site.Pending, site.Approved, site.Manual, site.Active, site.Ended},
		{site.Pending, site.Denied},
		{site.Pending, site.Cancelled},
	}
}

// walk goes through the lives of requests, reports what is offered on the way, and judges all of it. In each status it
// writes what a request's record has there, and reads it back.
func (t *firstContact) walk(ctx context.Context) {
	first := t.is
	for n, path := range paths() {
		if n > 0 && !t.another(ctx) {
			break
		}
		for _, key := range path {
			if !t.reach(ctx, key) {
				break
			}
		}
		if n > 0 {
			t.leave(ctx, "workflow")
		}
	}
	t.is = first
	for _, f := range t.c.judgeWays(t.s) {
		if f.Level != Good {
			t.out = append(t.out, f)
		}
	}
}

// another opens one more issue.
func (t *firstContact) another(ctx context.Context) bool {
	body, err := t.create(ctx, t.values())
	if t.failed("create", err) {
		return false
	}
	t.is, t.at = issue.ReadCreated(body), ""
	return t.is.ID != ""
}

// reach brings the issue to a status and looks around there. That a screen on the way asks for what Latchkey can't give
// is said once, by whoever judges the ways.
func (t *firstContact) reach(ctx context.Context, key string) bool {
	w := t.c.moves.Walk(t.s, t.is.ID, key, t.at)
	err := w.Refresh(ctx)
	if err == nil {
		_, err = w.Run(ctx, testPayload(key))
	}
	if err != nil {
		if t.c.judged(t.s) == 0 {
			t.failed("workflow", err)
		}
		return false
	}
	if t.at = w.At; w.Via != "" && t.passed == "" {
		t.passed = key
	}
	if _, known := t.c.moves.Known(t.at); known && t.looked[key] {
		return true
	}
	offered, err := t.c.moves.Offered(ctx, t.is.ID)
	if t.failed("workflow", err) {
		return false
	}
	t.c.moves.Learn(t.at, offered)
	t.looked[key] = true
	t.say("workflow", Good, "in %s Jira offers %s", w.Target.Name, cmp.Or(nameWays(offered), "no way on"))
	return t.takes(ctx, key, w.Target.Name)
}

// takes proves that an issue in a status takes what a record consists of: a property, which is read back, and an internal
// comment.
func (t *firstContact) takes(ctx context.Context, key, status string) bool {
	if key == site.Ended {
		return true // closedProperty says more of it
	}
	state := "first contact, in " + key
	if err := t.c.properties.Put(ctx, t.is.ID, access.IssueRecord{State: state}); err != nil {
		t.say("property", Fault, "an issue in %s takes no property: remove jira.issue.editable=false from the status (%s)", status, access.Classify(err).Sentence)
		return false
	}
	var there struct{ Value json.RawMessage }
	err := t.c.api.Fetch(ctx, rest.Get("read a property of the issue", rest.IssuePath(t.is.ID, "/properties/", stamp.StateProperty), nil), &there)
	if err == nil && stamp.ReadText(there.Value) != state {
		t.say("property", Fault, "an issue in %s took a property, and shows another value afterwards: look for an automation that writes the property %s", status, stamp.StateProperty)
		return false
	}
	if t.failed("property", err) {
		return false
	}
	return !t.failed("internal comment", t.c.comments.Add(ctx, t.is.ID, stamp.Comment(stamp.Stamp{ID: state, Audience: stamp.Agents}, adf.New(adf.Paragraph(adf.Text(state))))))
}

// judged is how many faults the ways have that are known by now.
func (c *Checker) judged(s *site.Site) (faults int) {
	for _, f := range c.judgeWays(s) {
		if f.Level == Fault {
			faults++
		}
	}
	return faults
}

// leave says on the issue what it was, and takes off what makes it look like a request's: nobody is to sample it as one.
func (t *firstContact) leave(ctx context.Context, check string) {
	t.failed(check, t.c.comments.Add(ctx, t.is.ID, farewell()))
	err := t.c.properties.Drop(ctx, t.is.ID)
	if err != nil && rest.StatusOf(err) != http.StatusNotFound {
		t.say("property", Note, "%s keeps its property %s, so evidence sample takes it for a request that shows nothing: delete the issue (%s)", t.is.Key, stamp.StateProperty, access.Classify(err).Sentence)
	}
}

func farewell() map[string]any {
	return map[string]any{"body": adf.New(adf.Paragraph(adf.Text("This was a test by latchkey check --first-contact; the issue may be deleted.")))}
}

func nameWays(offered []transition.Transition) string {
	var all []string
	for _, o := range offered {
		all = append(all, fmt.Sprintf("%q to %s", o.Name, o.To.Name))
	}
	return strings.Join(all, ", ")
}

// closedProperty tells whether a closed issue can still be told something.
func (t *firstContact) closedProperty(ctx context.Context) {
	err := t.c.properties.Put(ctx, t.is.ID, access.IssueRecord{State: "first contact, closed"})
	if err != nil && slices.ContainsFunc(t.out, func(f Finding) bool { return f.Level == Fault && f.Check == "property" }) {
		return // it takes none anywhere
	}
	if err != nil {
		t.say("closed issue", Fault, "a closed issue takes no property: remove jira.issue.editable=false from the closed status (%s)", access.Classify(err).Sentence)
	} else {
		t.say("closed issue", Good, "a closed issue still takes a property")
	}
	t.leave(ctx, "closed issue")
}
