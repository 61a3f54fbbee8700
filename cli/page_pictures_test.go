package cli

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/sandbox/page/browser"
)

var pictures = flag.String("pictures", "", "a folder into which pictures of the demo's page are drawn")

// film is what is kept of a visit to the page.
type film struct {
	v      *visitor
	frames []browser.Frame
}

// shoot adds what the page shows, for as long as it takes to look at it.
func (f *film) shoot(long time.Duration) {
	f.v.do("take a picture", func(ctx context.Context) error {
		shot, err := f.v.Shot(ctx)
		f.frames = append(f.frames, browser.Frame{Picture: shot, For: long})
		return err
	})
}

// play plays README's story, as somebody would who sees the page for the first time.
func (f *film) play() {
	v := f.v
	f.shoot(1500 * time.Millisecond)
	v.press("#composer input")
	v.types("/access")
	v.reads("[role=option]", "ask for access")
	f.shoot(1200 * time.Millisecond)
	v.key("Enter")
	v.press("#modal[open] .search input")
	v.types("fig")
	v.sees("document.querySelector('[role=option] span').textContent === 'Figma'")
	f.shoot(1500 * time.Millisecond)
	v.key("Enter")
	v.goesOn("Role")
	v.chooses("Editor")
	v.goesOn("For how long")
	v.chooses("6 hours")
	v.press("#modal-blocks textarea")
	v.types("Launch assets for Monday")
	f.shoot(1800 * time.Millisecond)
	v.press("[data-submit]")
	v.reads("#modal", "Asked")
	v.reads("#issue", "Noor Haddad")
	v.reads(".banner", "Noor Haddad")
	v.key("Escape")
	v.sees("!document.querySelector('#modal[open]')")
	f.shoot(2500 * time.Millisecond)
	v.press(".banner")
	v.sees("document.querySelector('#messages .button.primary')")
	f.shoot(2500 * time.Millisecond)
	v.press("#messages .button.primary")
	v.reads("#groups .group", "Maya Lind")
	v.reads("#issue", "Granted")
	v.reads("#messages", "Approved by you")
	f.shoot(3 * time.Second)
}

// end has access end, as Maya.
func (f *film) end() {
	v := f.v
	v.be("maya")
	v.reads("#messages", "You're in")
	f.shoot(2 * time.Second)
	v.until("Maya Lind's Figma · Editor ends")
	v.reads("#groups [data-key='okta figma-editors']", "nobody")
	v.reads("#issue", "Closed")
	f.shoot(3 * time.Second)
}

// still keeps the page as it is in a theme and on a screen.
func (f *film) still(folder, theme, screen string, on browser.Screen) {
	f.v.do("draw "+theme, func(ctx context.Context) error {
		if err := f.v.Theme(ctx, theme); err != nil {
			return err
		}
		if err := f.v.Size(ctx, on); err != nil {
			return err
		}
		if err := f.v.Until(ctx, "document.getAnimations().length === 0 && !document.querySelector('.banner')"); err != nil {
			return err
		}
		shot, err := f.v.Shot(ctx)
		if err != nil {
			return err
		}
		if shot, err = browser.Small(shot); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(folder, screen+"-"+theme+".png"), shot, 0o644)
	})
}

// draw fills a folder.
func draw(t *testing.T, folder string) {
	f := &film{v: visiting(t)}
	f.play()
	for _, theme := range []string{"dark", "light"} {
		f.still(folder, theme, "phone", browser.Screen{Width: 390, Height: 844, Density: 1.5})
		f.still(folder, theme, "desktop", browser.Screen{Width: 1280, Height: 800})
	}
	f.end()
	made, err := browser.Film(f.frames)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "story.gif"), made, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestPagePictures wants the pictures of the page to be there, small, and shown by the README; with a folder it draws them.
func TestPagePictures(t *testing.T) {
	if *pictures != "" {
		draw(t, *pictures)
	}
	const folder = "../docs/page"
	there, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range there {
		found = append(found, file.Name())
		most := int64(200_000)
		if file.Name() == "story.gif" {
			most = 2_000_000
		}
		if info, err := file.Info(); err != nil || info.Size() > most {
			t.Errorf("%s is too large, or %v", file.Name(), err)
		}
	}
	if diff := cmp.Diff([]string{"desktop-dark.png", "desktop-light.png", "phone-dark.png", "phone-light.png", "story.gif"}, slices.Sorted(slices.Values(found))); diff != "" {
		t.Errorf("make pictures draws them anew: %s", diff)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil || !strings.Contains(string(readme), "docs/page/story.gif") {
		t.Errorf("the README doesn't show the story: %v", err)
	}
}
