package e2e

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
//
// What can't be drawn as Slack draws it fails. Pictures are only taken where a folder for
// them is given, at the width of a phone and of a desktop.
func pictureCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 4 {
		ts.Fatalf("picture: write for example: picture approver dm noor 'Maya … Figma'")
	}
	c := ts.Value(companyKey{}).(*company)
	drawn, err := c.see(args[1:])
	ts.Check(err)
	if strings.Contains(string(drawn), "placeholder\"") {
		ts.Fatalf("picture %s: there is something in it that is not drawn: %s", args[0], drawn)
	}
	shown := page.Document(args[0], drawn)
	ts.Check(os.WriteFile(filepath.Join(c.dir, args[0]+".html"), []byte(shown), 0o600))
	if *pictures != "" {
		ts.Check(c.take(args[0], shown))
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
	reader := strings.TrimSuffix(whose, "#it-access")
	if reader == "" {
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
		views := c.world.Slack.Views(who.ID)
		if len(views) > 0 && slack.Render(views[len(views)-1]) == saw {
			return client.Modal(views[len(views)-1]), nil
		}
	case "home":
		if v, ok := c.world.Slack.Home(who.ID); ok && slack.Render(v) == saw {
			return client.Home(v), nil
		}
	default:
		for _, m := range slices.Backward(c.world.Slack.Messages(c.conversation(whose, who))) {
			if slack.Render(m) == saw {
				return client.Message(m), nil
			}
		}
	}
	return "", fmt.Errorf("picture: it changed while it was looked at")
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

// take takes the pictures of a page.
func (c *company) take(name, shown string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if c.browser == nil {
		if c.browser, err = browser.Start(ctx); err != nil {
			return err
		}
	}
	for width, screen := range map[string]browser.Screen{"phone": browser.Phone(), "desktop": browser.Desktop()} {
		picture, err := c.browser.Picture(ctx, shown, screen)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(*pictures, name+"-"+width+".png"), picture, 0o644); err != nil {
			return err
		}
	}
	return nil
}
