package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// Browser is a Chromium without a window. It shows one page at a time.
type Browser struct {
	pipe    *pipe
	command *exec.Cmd
	profile string // a folder of its own, removed at the end
	session string // of the one tab
}

// Screen is how wide the page is shown, and how many dots of a picture make one of its pixels.
type Screen struct {
	Width   int
	Height  int     // of a tab; zero: 800
	Density float64 // zero: 1
}

// Phone is as wide as the phones that most people have.
func Phone() Screen { return Screen{Width: 375, Density: 1.5} }

// Desktop is as wide as Slack's column of messages on a laptop.
func Desktop() Screen { return Screen{Width: 720, Density: 1} }

// Start starts a browser, which has to be closed.
func Start(ctx context.Context) (*Browser, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "latchkey-browser-")
	if err != nil {
		return nil, fmt.Errorf("browser: make a folder for its profile: %w", err)
	}
	b := &Browser{profile: profile, command: exec.Command(program, options(profile)...)}
	b.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if b.pipe, err = open(b.command); err != nil {
		return nil, errors.Join(fmt.Errorf("browser: start %s: %w", program, err), os.RemoveAll(profile))
	}
	if err := b.tab(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("browser: there is no Chromium on this machine; make deps installs it from Debian's packages")
}

// options keep the browser to itself: it resolves no name, so that it loads nothing but from this machine, and it
// draws letters alike on every machine. It has no sandbox of its own, which containers don't
// allow: it shows nothing but pages of this project.
func options(profile string) []string {
	return []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions", "--disable-breakpad",
		"--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--hide-scrollbars", "--disable-lcd-text", "--font-render-hinting=none", "--force-color-profile=srgb",
		"--user-data-dir=" + profile, "--remote-debugging-pipe", "about:blank",
	}
}

// tab opens the tab in which pages are shown.
func (b *Browser) tab(ctx context.Context) error {
	var target struct{ TargetID string }
	if err := b.call(ctx, "Target.createTarget", fields{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var attached struct{ SessionID string }
	if err := b.call(ctx, "Target.attachToTarget", fields{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		return err
	}
	b.session = attached.SessionID
	if err := b.call(ctx, "Page.enable", nil, nil); err != nil {
		return err
	}
	return b.call(ctx, "Page.setLifecycleEventsEnabled", fields{"enabled": true}, nil)
}

type fields map[string]any

// call has the browser do something and reads what it answers.
func (b *Browser) call(ctx context.Context, method string, with fields, into any) error {
	answer, err := b.pipe.call(ctx, request{Method: method, Params: with, Session: b.session})
	if err != nil {
		return fmt.Errorf("browser: %s: %w", method, err)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("browser: %s: read the answer: %w", method, err)
	}
	return nil
}

// show loads a page and waits until it is drawn.
func (b *Browser) show(ctx context.Context, page string, on Screen) error {
	density := on.Density
	if density == 0 {
		density = 1
	}
	size := fields{"width": on.Width, "height": 600, "deviceScaleFactor": density, "mobile": false}
	if err := b.call(ctx, "Emulation.setDeviceMetricsOverride", size, nil); err != nil {
		return err
	}
	return b.load(ctx, "data:text/html;charset=utf-8;base64,"+base64.StdEncoding.EncodeToString([]byte(page)))
}

// load goes to an address and waits until what is there is drawn.
func (b *Browser) load(ctx context.Context, address string) error {
	var begun struct{ LoaderID, ErrorText string }
	if err := b.call(ctx, "Page.navigate", fields{"url": address}, &begun); err != nil {
		return err
	}
	if begun.ErrorText != "" {
		return fmt.Errorf("browser: load a page: %s", begun.ErrorText)
	}
	select {
	case <-b.pipe.loaded(begun.LoaderID):
	case <-b.pipe.ended:
		return errors.New("browser: it ended while it loaded a page")
	case <-ctx.Done():
		return fmt.Errorf("browser: load a page: %w", ctx.Err())
	}
	return b.evaluate(ctx, "document.fonts.ready.then(() => true)", nil)
}

// evaluate computes something in the page.
func (b *Browser) evaluate(ctx context.Context, expression string, into any) error {
	var answer struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Text string }
	}
	err := b.call(ctx, "Runtime.evaluate", fields{"expression": expression, "awaitPromise": true, "returnByValue": true}, &answer)
	switch {
	case err != nil:
		return err
	case answer.ExceptionDetails != nil:
		return fmt.Errorf("browser: the page says: %s", answer.ExceptionDetails.Text)
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer.Result.Value, into)
}

// Close ends the browser and everything that it started.
func (b *Browser) Close() (err error) {
	b.pipe.close()
	_ = syscall.Kill(-b.command.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	_ = b.command.Wait()                                      // it was killed: that is what it says
	b.pipe.drained()
	for range 10 { // what was killed may still be about to end
		if err = os.RemoveAll(b.profile); err == nil {
			return nil
		}
	}
	return fmt.Errorf("browser: remove its profile: %w", err)
}
