package signin

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/workflow/stepup"
)

// notice is what a page says.
type notice struct {
	Title, Text string
	Reason      string // in the words of whoever asked
	Warning     string
	Action      string // where its button leads; "": there is none
	Form        string // what the button sends along
	Button      string
}

//go:embed page.html
var pageText string

//go:embed page.css
var style string

func styleHash() string {
	sum := sha256.Sum256([]byte(style))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// show writes a page. Whoever asked for it may have gone.
func (p pages) show(w http.ResponseWriter, status int, n notice) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		http.Error(w, n.Title+". "+n.Text, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = t.Execute(w, struct {
		notice
		Style template.CSS
	}{n, template.CSS(style)})
}

// question asks whether somebody goes through with it. Whoever is made to sign in for what another began, by a link
// that was sent to them, is to notice it here.
func (p pages) question(ctx context.Context, do stepup.Pending) notice {
	app, role, _ := p.Catalog().Role(do.App, do.Role)
	what, long := app.Name+" · "+role.Name, "for "+catalog.FormatDuration(do.Wanted)
	if do.Wanted == catalog.Forever {
		long = "without an end"
	}
	n := notice{
		Title: "Approve " + what + "?", Reason: do.Reason, Action: confirmPath + do.SignIn, Form: do.Form, Button: "Approve",
		Text:    p.called(ctx, do.For) + " gets it " + long + ".",
		Warning: "You go on as " + p.called(ctx, do.By) + ", with what was begun in Slack at " + do.Begun.In(clock.Zone(p.Names.Known(ctx, do.By).TimeZone)).Format("15:04 MST") + ". If you didn't press the button there yourself, close this page and tell IT.",
	}
	if do.Asks != do.For {
		n.Text += " " + p.called(ctx, do.Asks) + " asked for it."
	}
	if do.Emergency {
		n.Title, n.Button = "Take "+what+" now?", "Take it now"
		n.Text = "You get it " + long + ", without an approval. It is recorded and reviewed, and ends by itself."
	}
	return n
}

// called is somebody's name, and the address by which one is told from another.
func (p pages) called(ctx context.Context, who access.PersonID) string {
	known := p.Names.Known(ctx, who)
	if name, address := known.Display(), known.Contact(); name != address {
		return name + " (" + address + ")"
	}
	return known.Contact()
}

// outcome says what came of it.
func outcome(done stepup.Done) notice {
	switch {
	case done.Request.BreakGlass:
		return notice{Title: "It is on its way", Text: "It begins as soon as its ticket is written, which usually takes seconds. The message in Slack shows when it is there. You can close this page."}
	case done.Kept:
		return notice{Title: "Your yes is kept", Text: "A directory doesn't answer, so it isn't known yet whether you may give it. It counts as soon as that is known, and you needn't do anything. You can close this page."}
	}
	return notice{Title: "Approved", Text: "Your yes is recorded, with your sign-in. You can close this page."}
}
