package harness

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"latchkey/sandbox/jira"
)

// jiraPerson lets a person act in Jira: who, what, the issue, the rest. They wait for what
// they act on: an issue, a comment, a transition that is offered. What is refused has not
// happened, so that trying again does nothing twice.
func (h *Harness) jiraPerson(ctx context.Context, args []string) (saw string, err error) {
	id, err := h.account(args[0])
	if err != nil {
		return "", err
	}
	if args[1] == "proves" {
		if err := h.asksForCode(ctx, args); err != nil {
			return "", err
		}
	}
	if args[1] == "raises" { // the form is there, and what it refuses it refuses
		return h.jiraAs(id, args)
	}
	waiting, cancel := h.waiting(ctx)
	defer cancel()
	_ = h.World.Eventually(waiting, func() error {
		saw, err = h.jiraAs(id, args)
		return err
	})
	return saw, err
}

// jiraAs is jiraPerson under an account, once.
func (h *Harness) jiraAs(id string, args []string) (string, error) {
	what, issue, rest := args[1], args[2], strings.Join(args[3:], " ")
	j := h.World.Jira
	switch what {
	case "raises":
		return h.raise(id, args[2:])
	case "transition":
		return "moved", j.Transition(id, issue, rest)
	case "comments":
		return "commented", j.Comment(id, issue, rest, true)
	case "notes":
		return "commented for agents", j.Comment(id, issue, rest, false)
	case "proves":
		return "wrote the code", j.Comment(id, issue, h.code, true)
	case "answers":
		return "answered", j.AnswerApproval(id, issue, rest)
	case "edits":
		return h.edit(id, issue, rest)
	case "moves":
		key, err := j.MoveIssue(id, issue, rest)
		return issue + " is now " + key, err
	case "rewrites":
		return h.rewrite(id, issue, args[3:])
	case "erases":
		return h.erase(id, issue, rest)
	case "strips":
		return "property deleted", j.DeleteProperty(id, issue, rest)
	case "keeps", "puts", "forges":
		return h.property(id, what, issue, rest)
	case "archives", "restores":
		return what, j.ArchiveIssue(id, issue, what == "archives")
	case "deletes":
		return "deleted", j.DeleteIssue(id, issue)
	}
	return "", fmt.Errorf("jira: nobody can %q", what)
}

// asksForCode gets the code that is to be written on an issue: one that the person asks
// for in Slack, one that somebody else asks for, or the last one once more.
func (h *Harness) asksForCode(ctx context.Context, args []string) error {
	for _, whose := range append(args[3:], args[0])[:1] {
		if whose == "again" {
			break
		}
		who, err := h.member(whose)
		if err != nil {
			return err
		}
		said, err := h.command(ctx, who, "/access connect "+args[2])
		if err != nil {
			return err
		}
		if h.code = regexp.MustCompile(`LK-\w+-\w+`).FindString(said); h.code == "" {
			return fmt.Errorf("%s is given no code: %s", whose, said)
		}
	}
	return nil
}

// chosen is a value as the portal sends it for a field: of a list, one of its options.
func (h *Harness) chosen(id, value string) any {
	one := map[string]string{"value": value}
	for _, f := range h.World.Jira.Fields() {
		switch {
		case f.ID == id && f.Type == "option":
			return one
		case f.ID == id && f.Items == "option":
			return []any{one}
		}
	}
	return value
}

// raise fills in the portal's form. What the form has no field for goes into
// the description.
func (h *Harness) raise(account string, words []string) (string, error) {
	names := map[string]string{"app": "Application", "role": "Role", "for": "Duration"}
	fields, reporter := map[string]any{"summary": "I need access"}, account
	for word, value := range options(words) {
		switch {
		case word == "behalf":
			var err error
			if reporter, err = h.account(value); err != nil {
				return "", err
			}
		case word == "summary":
			fields["summary"] = value
		case word == "reason":
			fields["description"] = value
		case names[word] != "":
			id, err := h.fieldID(names[word])
			if err != nil {
				return "", err
			}
			fields[id] = h.chosen(id, value)
		default:
			return "", fmt.Errorf("raises: the form has no %q", word)
		}
	}
	key, err := h.World.Jira.RaiseRequestFor(account, reporter, fields)
	return "raised " + key, err
}

func (h *Harness) fieldID(name string) (string, error) {
	for _, f := range h.World.Jira.Fields() {
		if strings.EqualFold(f.Name, name) {
			return f.ID, nil
		}
	}
	return "", fmt.Errorf("jira has no field %q", name)
}

func (h *Harness) edit(account, issue, change string) (string, error) {
	name, value, ok := strings.Cut(change, "=")
	if !ok {
		return "", fmt.Errorf("edits: %q is not field=value", change)
	}
	id, err := h.fieldID(name)
	if err != nil {
		return "", err
	}
	if name != "Approvers" {
		return "edited " + name, h.World.Jira.EditField(account, issue, id, value)
	}
	who, err := h.account(value)
	if err != nil {
		return "", err
	}
	return "edited " + name, h.World.Jira.EditField(account, issue, id, []map[string]string{{"accountId": who}})
}

// rewrite changes what the one comment says that contains a text.
func (h *Harness) rewrite(account, key string, words []string) (string, error) {
	issue, ok := h.World.Jira.Issue(key)
	if !ok || len(words) != 2 {
		return "", fmt.Errorf("jira rewrites: which issue, what, by what? %s %q", key, words)
	}
	for _, c := range issue.Comments {
		if contains(c.Text, words[0]) {
			return "changed", h.World.Jira.EditComment(account, key, c.ID, words[1])
		}
	}
	return "", fmt.Errorf("no comment says %q", words[0])
}

// erase deletes the comments that contain a text.
func (h *Harness) erase(account, key, pattern string) (string, error) {
	issue, ok := h.World.Jira.Issue(key)
	if !ok {
		return "", fmt.Errorf("there is no issue %s", key)
	}
	n := 0
	for _, c := range issue.Comments {
		if !contains(c.Text, pattern) {
			continue
		}
		if err := h.World.Jira.DeleteComment(account, key, c.ID); err != nil {
			return "", err
		}
		n++
	}
	return fmt.Sprintf("%d comments deleted", n), errIf(n == 0, "no comment says that")
}

func (h *Harness) seeField(issue jira.Issue, want string) (string, error) {
	name, value, _ := strings.Cut(want, "=")
	id, err := h.fieldID(name)
	if err != nil {
		return "", err
	}
	return same(name+" is "+issue.Fields[id], issue.Fields[id], value)
}

// seeText looks for a text in a field; "" for nothing in it, "somebody" for anything.
func (h *Harness) seeText(issue jira.Issue, field, want string) (string, error) {
	id, err := h.fieldID(field)
	if err != nil {
		return "", err
	}
	switch {
	case want == "":
		return same(field+" is empty", issue.Fields[id], "")
	case want == "somebody" && issue.Fields[id] == "":
		return "", fmt.Errorf("%s is empty", field)
	case want == "somebody":
		want = ""
	}
	return see(issue.Fields[id], want)
}

func (h *Harness) seeLink(issue jira.Issue, want string) (string, error) {
	want, how, _ := strings.Cut(want, " ")
	i := slices.IndexFunc(issue.Links, func(l jira.Link) bool { return l.Key == want && (how == "" || l.Phrase == how) })
	if i < 0 {
		return "", fmt.Errorf("%s is linked to %v", issue.Key, issue.Links)
	}
	return issue.Key + " " + issue.Links[i].Phrase + " " + want, nil
}

// seeFile looks for the one file of an issue whose name has a text in it.
func seeFile(issue jira.Issue, want string) (string, error) {
	var names []string
	for _, a := range filesOf(issue, want) {
		names = append(names, a.Name)
	}
	switch {
	case want == "":
		return issue.Key + " has no files", errIf(len(names) > 0, fmt.Sprintf("it has %q", names))
	case len(names) != 1:
		return "", fmt.Errorf("%s has %d files with %q in their names: %q", issue.Key, len(names), want, names)
	}
	return issue.Key + " has the file " + names[0], nil
}

// filesOf are the files of an issue whose names hold a text.
func filesOf(issue jira.Issue, want string) (some []jira.Attachment) {
	for _, a := range issue.Attachments {
		if strings.Contains(a.Name, want) {
			some = append(some, a)
		}
	}
	return some
}

// File is what is in the one file of an issue whose name holds a text.
func (h *Harness) File(key, name string) ([]byte, error) {
	issue, err := h.issueOf(key)
	if err != nil {
		return nil, err
	}
	if _, err := seeFile(issue, name); err != nil {
		return nil, err
	}
	return filesOf(issue, name)[0].Data, nil
}
