package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"latchkey/sandbox/page"
	"latchkey/sandbox/page/browser"
	"latchkey/sandbox/slack"
)

var pictures = flag.String("pictures", "", "a folder into which the pictures of stories are drawn")

// pictureCommand draws what a person sees, once it is there:
//
//	picture approver dm noor 'Maya … Figma'
//	picture stuck channel '#it-access' 'Retry'      as Ines sees it
//	picture denial-form view noor 'Deny'
//	picture home-it home ines 'Stuck'
//	picture approver dm noor 'Maya … Figma' lines=10
//
// What can't be drawn as Slack draws it fails, and so does what takes more lines on a phone
// than it may. Pictures are only taken where a folder for them is given, at the width of a
// phone and of a desktop.
func pictureCommand(ts *testscript.TestScript, _ bool, args []string) {
	most := ""
	if len(args) == 5 {
		most, args = strings.TrimPrefix(args[4], "lines="), args[:4]
	}
	if len(args) != 4 {
		ts.Fatalf("picture: write for example: picture approver dm noor 'Maya … Figma' lines=10")
	}
	c := ts.Value(companyKey{}).(*company)
	drawn, err := c.see(args[1:])
	ts.Check(err)
	if strings.Contains(string(drawn), "placeholder\"") {
		ts.Fatalf("picture %s: there is something in it that is not drawn: %s", args[0], drawn)
	}
	shown := page.Document(args[0], drawn)
	ts.Check(os.WriteFile(filepath.Join(c.dir, args[0]+".html"), []byte(shown), 0o600))
	c.gallery.folder = *pictures
	if *pictures != "" || most != "" {
		ts.Check(c.gallery.show(args[0], shown, most))
	}
}

// see waits for what a person is to see, and draws it.
func (c *company) see(words []string) (page.HTML, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var drawn page.HTML
	err := c.world.Eventually(ctx, func() error {
		saw, err := c.tell.Do(ctx, words...)
		if err == nil {
			drawn, err = c.draw(words[0], words[1], saw)
		}
		return err
	})
	return drawn, err
}

// draw draws what reads so, if it still does.
func (c *company) draw(kind, whose, saw string) (page.HTML, error) {
	reader := whose
	if strings.HasPrefix(whose, "#") {
		reader = "ines"
	}
	who, ok := c.world.Slack.UserByName(reader)
	if !ok {
		return "", fmt.Errorf("picture: nobody is called %q", reader)
	}
	zone, err := time.LoadLocation(who.TZ)
	if err != nil {
		return "", fmt.Errorf("picture: the zone of %s: %w", reader, err)
	}
	client := page.Client{Zone: zone, Now: c.world.Clock.Now(), Names: page.NamesIn(c.world.Slack)}
	switch kind {
	case "view":
		if views := c.world.Slack.Views(who.ID); len(views) > 0 && slack.Render(views[len(views)-1]) == saw {
			return client.Modal(views[len(views)-1]), nil
		}
	case "home":
		if v, ok := c.world.Slack.Home(who.ID); ok && slack.Render(v) == saw {
			return client.Home(v), nil
		}
	default:
		for _, m := range slices.Backward(c.world.Slack.Messages(c.conversation(whose, who))) {
			if c.world.Slack.Read(m) == saw {
				return client.Message(m), nil
			}
		}
	}
	return "", errors.New("picture: it changed while it was looked at")
}

// conversation is the channel of a name, or somebody's with Latchkey.
func (c *company) conversation(name string, who slack.User) string {
	for _, channel := range c.world.Slack.Channels() {
		if "#"+channel.Name == name {
			return channel.ID
		}
	}
	return c.world.Slack.DM(who.ID)
}

// gallery draws pages into a folder, with a list of what is there.
type gallery struct {
	folder  string
	browser *browser.Browser
	index   strings.Builder
}

const galleryHead = `# What people see

Drawn by ` + "`make pictures`" + ` from what the emulated Slack received while the story ` + "`e2e/testdata/script/pictures.txtar`" + `
was played, on a phone (375 px) and on a desktop (720 px). Lines are those that a reader sees of what Latchkey wrote, rows of
buttons included. The letters are Lato, as Slack's own are.
`

// show counts the lines of a page and takes its pictures.
func (g *gallery) show(name, shown, most string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if g.browser == nil {
		g.index.WriteString(galleryHead)
		if g.browser, err = browser.Start(ctx); err != nil {
			return err
		}
	}
	lines, err := g.browser.Lines(ctx, shown, browser.Phone())
	if err != nil {
		return err
	}
	if limit, err := strconv.Atoi(most); most != "" && (err != nil || lines > limit) {
		return fmt.Errorf("picture %s: %d lines on a phone, at most %s are wanted", name, lines, most)
	}
	if g.folder == "" {
		return nil
	}
	return g.draw(ctx, name, shown, lines)
}

// draw takes the pictures of a page.
func (g *gallery) draw(ctx context.Context, name, shown string, lines int) error {
	for width, screen := range map[string]browser.Screen{"phone": browser.Phone(), "desktop": browser.Desktop()} {
		picture, err := g.browser.Picture(ctx, shown, screen)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(g.folder, name+"-"+width+".png"), picture, 0o644); err != nil {
			return err
		}
	}
	title := strings.ToUpper(name[:1]) + strings.ReplaceAll(name[1:], "-", " ")
	fmt.Fprintf(&g.index, "\n## %s\n\n%d lines on a phone.\n\n<img alt=\"%s on a phone\" src=\"%s-phone.png\" width=\"375\">\n<img alt=\"%s on a desktop\" src=\"%s-desktop.png\" width=\"720\">\n", title, lines, title, name, title, name)
	return os.WriteFile(filepath.Join(g.folder, "README.md"), []byte(g.index.String()), 0o644)
}

// close ends the browser, if there was anything to draw.
func (g *gallery) close() error {
	if g.browser == nil {
		return nil
	}
	return g.browser.Close()
}

// TestPicturesAreThere wants docs/pictures to show what the story tells to draw, and
// nothing else, in small files.
func TestPicturesAreThere(t *testing.T) {
	const folder = "../docs/pictures"
	story, err := os.ReadFile("testdata/script/pictures.txtar")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"README.md"}
	for _, line := range regexp.MustCompile(`(?m)^picture (\S+) `).FindAllStringSubmatch(string(story), -1) {
		want = append(want, line[1]+"-phone.png", line[1]+"-desktop.png")
	}
	there, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range there {
		found = append(found, file.Name())
		if info, err := file.Info(); err != nil || info.Size() > 60_000 {
			t.Errorf("%s is too large, or %v", file.Name(), err)
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("make pictures draws them anew: %s", diff)
	}
}
