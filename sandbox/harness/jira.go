package harness

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/jira"
)

// jira looks at or changes the Jira site:
//
//	jira issues 1                          expect so many issues
//	jira IT-1 status Granted               expect a status
//	jira 'IT-* Idle seat' status Closed    of the one issue whose summary says so, whatever number it got
//	jira IT-1 comment 'Approved … Noor'    expect a comment; "2×text" exactly two
//	jira IT-1 internal 'figma-editors'     expect an internal comment
//	jira IT-1 reporter maya
//	jira IT-1 property '"phase":"granted"' expect text in the state property
//	jira IT-1 resolution Done
//	jira IT-1 field 'Application=Figma'    expect a custom field
//	jira IT-1 waits 'Noor Haddad'          expect text in the field that says whom it waits for; '' for nobody, somebody for whoever it is
//	jira IT-1 decided Noor                 expect text in the field that says who decided
//	jira IT-1 assigned ines                expect an assignee; '' for nobody
//	jira IT-1 participants ''              expect those who take part besides
//	jira IT-1 links IT-2                   expect a link to another issue
//	jira IT-1 file RV-1                    expect one attached file with this in its name; '' for none at all
//	jira noor transition IT-1 'Approve request'
//	jira noor comments IT-1 'looks fine'
//	jira noor notes IT-1 'for agents only'
//	jira noor answers IT-1 approve         answers the service desk's own approval
//	jira noor proves IT-1                  writes the code that "/access connect" gives her; "… omar": gives Omar; "… again": the last one
//	jira maya raises app=Figma role=Editor for=6h reason='Launch assets'
//	jira ines raises behalf=maya app=…     an agent in somebody else's name
//	jira ines edits IT-1 Application=Notion
//	jira ines moves IT-1 OPS               to another project
//	jira omar rewrites IT-1 'keep 3' 'keep 4' changes what a comment says
//	jira ines erases IT-1 'Approved in'    deletes the comments that say so
//	jira ines strips IT-1 latchkey         deletes a property
//	jira ines keeps IT-1                   remembers what it carries for machines
//	jira ines puts IT-1 back               writes that again; "puts IT-1 on IT-2": elsewhere
//	jira ines forges IT-1 latchkey a=b     replaces text in a property
//	jira ines deletes IT-1
//	jira ines archives IT-1                or restores
//	jira approvals on                      before the first issue: requests need the desk's own approval
//	jira fault POST /rest/servicedeskapi/request status=500 after=yes
//	jira lag 5m                            search trails what happens
//	jira IT-1 story 'Waiting … Approved'   expect texts in this order over all comments
//	jira clear
//
// More words for administrators are with [Harness.jiraAdmin].
func (h *Harness) jira(ctx context.Context, args []string) (string, error) {
	switch {
	case len(args) == 0:
		return "", errors.New("jira: what?")
	case args[0] == "clear":
		h.World.Jira.ClearFaults()
		return "Jira works again", nil
	case args[0] == "lag" && len(args) == 2:
		d, err := time.ParseDuration(args[1])
		h.World.Jira.SetSearchLag(d)
		return "search trails by " + args[1], err
	case args[0] == "approvals" && len(args) == 2:
		return "requests need an approval in Jira", h.World.Jira.SetWorkflow(jira.ApprovalWorkflow())
	case args[0] == "issues" && len(args) == 2:
		n := len(h.World.Jira.Issues())
		return strconv.Itoa(n) + " issues", errIf(strconv.Itoa(n) != args[1], fmt.Sprintf("there are %d issues", n))
	case args[0] == "fault" && len(args) >= 3:
		return h.jiraFault(args[1:])
	case jiraAdmins(args[0]) && len(args) >= 2:
		return h.jiraAdmin(args[0], args[1], args[2:])
	case strings.Contains(args[0], "-") && len(args) >= 3:
		return h.seeIssue(args[0], args[1], strings.Join(args[2:], " "))
	case len(args) >= 3:
		return h.jiraPerson(ctx, args)
	}
	return "", fmt.Errorf("jira: %q is not understood", strings.Join(args, " "))
}

func (h *Harness) seeIssue(key, what, want string) (string, error) {
	issue, err := h.issueOf(key)
	if err != nil {
		return "", err
	}
	switch what {
	case "status":
		return same(key+" is "+issue.Status, issue.Status, want)
	case "resolution":
		return same(key+" is resolved as "+issue.Resolution, issue.Resolution, want)
	case "summary":
		return see(issue.Summary, want)
	case "description":
		return see(issue.Description, want)
	case "reporter":
		return same(key+" was raised for "+want, h.handle(issue.Reporter), want)
	case "comment", "public", "internal":
		return h.comment(issue, want, what != "internal", what != "public")
	case "story":
		return see(story(issue), want)
	case "field":
		return h.seeField(issue, want)
	case "waits":
		return h.seeText(issue, "Waiting for", want)
	case "decided":
		return h.seeText(issue, "Decided by", want)
	case "assigned":
		return same(key+" is assigned to "+want, h.handle(issue.Assignee), want)
	case "participants":
		return h.seeField(issue, "Request participants="+want)
	case "links":
		return h.seeLink(issue, want)
	case "file":
		return seeFile(issue, want)
	case "property":
		return see(properties(issue), want)
	}
	return "", fmt.Errorf("jira: an issue has no %q", what)
}

// issueOf finds an issue by its key, or by what its summary says behind "IT-*".
func (h *Harness) issueOf(key string) (jira.Issue, error) {
	project, words, named := strings.Cut(key, "-* ")
	if !named {
		issue, ok := h.World.Jira.Issue(key)
		return issue, errIf(!ok, "there is no issue "+key)
	}
	var found []jira.Issue
	for _, is := range h.World.Jira.Issues() {
		if strings.HasPrefix(is.Key, project+"-") && strings.Contains(is.Summary, words) {
			found = append(found, is)
		}
	}
	if len(found) != 1 {
		return jira.Issue{}, fmt.Errorf("%d issues have %q in their summaries", len(found), words)
	}
	return found[0], nil
}

// story is all that was written on the issue, in its order.
func story(issue jira.Issue) string {
	var all []string
	for _, c := range issue.Comments {
		all = append(all, c.Text)
	}
	return strings.Join(all, "\n")
}

func properties(issue jira.Issue) string {
	var all strings.Builder
	for _, k := range slices.Sorted(maps.Keys(issue.Properties)) {
		fmt.Fprintf(&all, "%s=%s\n", k, issue.Properties[k])
	}
	return all.String()
}

func same(saw, got, want string) (string, error) {
	return saw, errIf(got != want, fmt.Sprintf("it is %q", got))
}

func (h *Harness) handle(accountID string) string {
	for _, a := range h.World.Jira.Accounts() {
		if a.AccountID == accountID {
			name, _, _ := strings.Cut(a.Email, "@")
			return name
		}
	}
	return accountID
}

// comment looks for a comment; "2×text" wants exactly two.
func (h *Harness) comment(issue jira.Issue, pattern string, public, internal bool) (string, error) {
	want := -1
	if times, rest, ok := strings.Cut(pattern, "×"); ok {
		if n, err := strconv.Atoi(times); err == nil {
			want, pattern = n, rest
		}
	}
	var hits []string
	var all strings.Builder
	for _, c := range issue.Comments {
		fmt.Fprintf(&all, "- (public %v) %s\n", c.Public, c.Text)
		if (c.Public && public || !c.Public && internal) && contains(c.Text, pattern) {
			hits = append(hits, c.Text)
		}
	}
	if len(hits) == 0 && want != 0 || want >= 0 && len(hits) != want {
		return "", fmt.Errorf("found %d of it; the comments are:\n%s", len(hits), all.String())
	}
	return strings.Join(hits, "\n"), nil
}

func (h *Harness) account(handle string) (string, error) {
	for _, a := range h.World.Jira.Accounts() {
		if a.Nickname == handle || a.Nickname == "" && a.Email == sandbox.Email(handle) {
			return a.AccountID, nil
		}
	}
	return "", fmt.Errorf("%s has no Jira account", handle)
}

func (h *Harness) jiraFault(args []string) (string, error) {
	f, err := readFault(args[2:])
	if err != nil {
		return "", err
	}
	if f.times == 0 {
		f.times = -1
	}
	h.World.Jira.AddFault(jira.Fault{
		Method: args[0], Path: args[1], Times: f.times, Status: f.status, Page: f.page, RetryAfter: int(f.retryAfter / time.Second),
		After: f.after, Delay: f.delay, Drop: f.drop, Empty: f.empty, Frozen: f.frozen, Short: f.short, Later: f.later, Until: h.until(f),
	})
	return "Jira fails " + strings.Join(args, " "), nil
}
