package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// Tab is a page of a server on this machine, in a tab of its own, to be used as people use it.
type Tab struct {
	b *Browser // with the session of the tab
}

// Open opens a page and waits until it is loaded.
func (b *Browser) Open(ctx context.Context, address string, on Screen) (*Tab, error) {
	own := *b
	t := &Tab{b: &own}
	if err := t.b.tab(ctx); err != nil {
		return nil, err
	}
	if err := t.Size(ctx, on); err != nil {
		return nil, err
	}
	return t, t.Go(ctx, address)
}

// Size makes the tab as large as a screen.
func (t *Tab) Size(ctx context.Context, on Screen) error {
	density, height := on.Density, on.Height
	if density == 0 {
		density = 1
	}
	if height == 0 {
		height = 800
	}
	return t.b.call(ctx, "Emulation.setDeviceMetricsOverride", fields{"width": on.Width, "height": height, "deviceScaleFactor": density, "mobile": false}, nil)
}

// Theme is what the reader's system prefers: "light" or "dark".
func (t *Tab) Theme(ctx context.Context, theme string) error {
	return t.b.call(ctx, "Emulation.setEmulatedMedia", fields{"features": []fields{{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
}

// Go loads another page in the tab.
func (t *Tab) Go(ctx context.Context, address string) error { return t.b.load(ctx, address) }

// Ask computes something in the page. A promise is waited for.
func (t *Tab) Ask(ctx context.Context, expression string, into any) error {
	return t.b.evaluate(ctx, expression, into)
}

// Until waits until an expression holds in the page, looking again after each time that it is drawn.
func (t *Tab) Until(ctx context.Context, expression string) error {
	watch := fmt.Sprintf("new Promise((done) => { const look = () => { let holds = false; try { holds = Boolean(%s); } catch {} holds ? done(true) : setTimeout(look, 15); }; look(); })", expression)
	if err := t.b.evaluate(ctx, watch, nil); err != nil {
		return fmt.Errorf("waiting for %s: %w", expression, err)
	}
	return nil
}

// Press presses the middle of an element with the mouse, once it is there and nothing covers it; again where the page was
// drawn anew just then: something else was hit, or what was pressed isn't what was let go, of which a browser tells only what
// both are in.
func (t *Tab) Press(ctx context.Context, selector string) error {
	element := found(selector)
	find := fmt.Sprintf("(() => { const e = %s; e.scrollIntoView({block: 'nearest'}); const r = e.getBoundingClientRect(), x = r.left + Math.min(r.width / 2, 60), y = r.top + r.height / 2, hit = document.elementFromPoint(x, y); return hit && (e.contains(hit) || hit.contains(e)) ? [x, y] : null; })()", element)
	watch := fmt.Sprintf("window.hit = false; addEventListener('click', (c) => { const e = %s; window.hit ||= Boolean(e?.contains(c.target) || c.target.closest('label')?.contains(e)); }, {capture: true, once: true}); true", element)
	for {
		if err := t.Until(ctx, find); err != nil {
			return err
		}
		var at []float64
		if err := t.Ask(ctx, find, &at); err != nil {
			return err
		}
		if len(at) != 2 {
			continue // it moved meanwhile
		}
		hit := false
		if err := errors.Join(t.Ask(ctx, watch, &hit), t.mouse(ctx, at[0], at[1]), t.Ask(ctx, "window.hit ?? true", &hit)); err != nil || hit { // another page knows of no press
			return err
		}
	}
}

func (t *Tab) mouse(ctx context.Context, x, y float64) error {
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		if err := t.b.call(ctx, "Input.dispatchMouseEvent", fields{"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}, nil); err != nil {
			return err
		}
	}
	return nil
}

// found is the element that a selector names; text=… is the last visible thing to press that says just that.
func found(selector string) string {
	quoted, err := json.Marshal(selector)
	if err != nil {
		return "null"
	}
	return fmt.Sprintf("((s) => s.startsWith('text=') ? [...document.querySelectorAll('button, a, summary, [role=option]')].filter((e) => e.checkVisibility() && !e.closest('[inert]') && e.textContent.trim() === s.slice(5)).at(-1) : document.querySelector(s))(%s)", quoted)
}

// Type types a text where the cursor is.
func (t *Tab) Type(ctx context.Context, text string) error {
	return t.b.call(ctx, "Input.insertText", fields{"text": text}, nil)
}

// Key presses a key by its name, such as Enter.
func (t *Tab) Key(ctx context.Context, name string) error {
	codes := map[string]int{"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38, "Backspace": 8}
	text := map[string]string{"Enter": "\r"}[name]
	for _, kind := range []string{"keyDown", "keyUp"} {
		if err := t.b.call(ctx, "Input.dispatchKeyEvent", fields{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": codes[name], "text": text}, nil); err != nil {
			return err
		}
		text = ""
	}
	return nil
}

// Shot is what the tab shows.
func (t *Tab) Shot(ctx context.Context) ([]byte, error) {
	var shot struct{ Data string }
	if err := t.b.call(ctx, "Page.captureScreenshot", fields{"format": "png"}, &shot); err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		return nil, fmt.Errorf("browser: read its picture: %w", err)
	}
	return raw, nil
}

// Faults is as for [Browser.Faults], of what the tab shows.
func (t *Tab) Faults(ctx context.Context) (faults []string, err error) {
	if err = t.Ask(ctx, findFaults, &faults); err != nil {
		return nil, err
	}
	unnamed, err := t.b.unnamed(ctx)
	return append(faults, unnamed...), err
}

// Close closes the tab.
func (t *Tab) Close(ctx context.Context) error {
	var closed struct{ Success bool }
	if err := t.b.call(ctx, "Page.close", nil, &closed); err != nil && ctx.Err() == nil {
		return errors.Join(errors.New("browser: close a tab"), err)
	}
	return nil
}
