package comments

import (
	"cmp"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
)

// listed is how many rows one comment lists.
const listed = 40

// howTo says how rows are answered.
const howTo = "Each in a line of its own: “keep 3”, “keep 3: why”, “revoke 4: why”, “not mine 5”. “rows” shows which rows wait for you."

// title sums up what became of the answers of a comment.
func title(asked int, out deciding.Answered) string {
	taken := asked - len(out.Refused)
	switch {
	case taken == 0:
		return "Nothing of this was taken."
	case taken == asked:
		return count(taken, "answer") + " taken."
	}
	return fmt.Sprintf("%s taken, %d not.", count(taken, "answer"), asked-taken)
}

// outcome says of each line what became of it. A row that isn't theirs is called by its number alone.
func outcome(w words, page deciding.Page, out deciding.Answered) (lines []string) {
	names := map[int]string{}
	for _, r := range page.Rows {
		names[r.Number] = " · " + called(r)
	}
	for _, l := range w.Lines {
		what := "A line without a row"
		if l.Row > 0 {
			what = fmt.Sprintf("%d%s", l.Row, names[l.Row])
		}
		refusal, refused := access.AsRefusal(out.Refused[l.Row])
		switch {
		case l.Wrong != "":
			lines = append(lines, what+": not taken. "+l.Wrong)
		case refused:
			lines = append(lines, what+": not taken. "+refusal.Sentence)
		default:
			lines = append(lines, what+": "+said(l.Decision)+".")
		}
	}
	if w.More {
		lines = append(lines, fmt.Sprintf("Only the first %d lines were read: please write the others in a comment of their own.", mostLines))
	}
	return lines
}

// said is an answer as it is written in a comment.
func said(d access.ReviewDecision) string {
	if d == access.DecisionNotMine {
		return "not mine"
	}
	return string(d)
}

// after says what is left, and how an answer is taken back.
func after(c access.Campaign, out deciding.Answered) []string {
	left := "Nothing is left for you."
	if n := out.Worklist.Left(); n > 0 {
		left = count(n, "row") + " left for you: “rows” shows which."
	}
	back := "An answer can be changed here or in Slack until its row is determined."
	if c.Review.Undo > 0 {
		back = "An answer can be changed here or in Slack for " + catalog.FormatDuration(c.Review.Undo) + " after its row is determined."
	}
	return []string{left, back + " To change or to delete a comment changes nothing."}
}

// listOf says which rows wait for somebody.
func listOf(page deciding.Page) (title string, lines []string) {
	if len(page.Rows) == 0 {
		return "No row waits for you here.", nil
	}
	for _, r := range page.Rows {
		lines = append(lines, fmt.Sprintf("%d · %s", r.Number, called(r))+privileged(r)+". "+proposal(r)+".")
	}
	if page.More {
		lines = append(lines, fmt.Sprintf("There are more: “rows after %d” shows the next.", page.After))
	}
	return count(page.Worklist.Left(), "row") + " left for you.", append(lines, howTo)
}

// called names a row in plain words.
func called(r rows.Row) string {
	what := cmp.Or(r.GroupName, r.Group.String())
	if r.AppName != "" {
		what = r.AppName + " · " + r.RoleName
	}
	return cmp.Or(r.Name, r.Address, r.Account) + ": " + what
}

func privileged(r rows.Row) string {
	if r.Privileged {
		return ", privileged: it is kept only with a reason"
	}
	return ""
}

func proposal(r rows.Row) string {
	why := r.Because.Words()
	switch r.Recommended {
	case access.RecommendKeep:
		return "Suggested: keep – " + why
	case access.RecommendRevoke:
		return "Suggested: revoke – " + why
	case access.RecommendLook:
		return "Please look yourself: " + why
	}
	return "No suggestion: " + why
}

func tooMany(in time.Duration) string {
	return "There are more comments of yours than anybody can read here. Those of the next " + catalog.FormatDuration(in) + " answer nothing: please answer in Slack."
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
