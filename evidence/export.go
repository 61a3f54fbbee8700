package evidence

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/store"
)

// Format is how an export is written.
type Format string

// The formats.
const (
	JSON Format = "json" // one object a line
	CSV  Format = "csv"  // one table
	HTML Format = "html" // one page
)

// Part is what is exported.
type Part string

// The parts, in the order in which they are written.
const (
	Requests Part = "requests"
	Grants   Part = "grants"
	Events   Part = "events"
)

// Parts are all parts.
func Parts() []Part { return []Part{Requests, Grants, Events} }

// ExportOptions say what to export.
type ExportOptions struct {
	Format Format
	Parts  []Part // of CSV exactly one; empty for all
	// Stable leaves out what a rebuilt store can't have in common with the one
	// it was rebuilt from: at which place of the log an event stands, and what
	// belongs to no request, because Jira never hears of it (notes, and
	// memberships that were taken over). Stable exports of the same history are
	// equal byte by byte.
	Stable bool
	Only   Only // what is left out
}

// Export writes what the store knows, as of one moment, in a fixed order:
// requests and grants by id, events as they happened. What people wrote is
// harmless in each format: cells of a CSV never start a formula, and HTML is
// escaped. Versions of records are never written.
func Export(ctx context.Context, s store.Store, w io.Writer, o ExportOptions) error {
	if len(o.Parts) == 0 {
		o.Parts = Parts()
	}
	out, err := o.writer(w)
	if err != nil {
		return err
	}
	err = s.View(ctx, func(tx store.Tx) error {
		if err := o.head(tx, out); err != nil {
			return err
		}
		n := namesIn(tx)
		if !o.Stable {
			head, err := store.LoadAnchoring(tx)
			if err != nil {
				return err
			}
			out.foot(head.Checkpoint)
		}
		for _, part := range Parts() {
			if !slices.Contains(o.Parts, part) {
				continue
			}
			if err := o.write(ctx, n, part, out); err != nil {
				return err
			}
		}
		return n.err
	})
	return errors.Join(err, out.close())
}

// head tells what the log is called and with which key its record is signed: with that
// an auditor can check what Jira holds.
func (o ExportOptions) head(tx store.Tx, out sink) error {
	s, err := store.LoadSigning(tx)
	if err != nil || s.Key == "" || o.Stable {
		return err
	}
	log, err := store.LogName(tx)
	if err != nil {
		return err
	}
	return out.head(log, s.Key)
}

// sink takes one part after the other.
type sink interface {
	// head takes the log's name and the public key that its record is signed with.
	head(log, key string) error
	begin(part Part, header []string) error
	// put takes a noun, and under which address the people it names were known.
	put(part Part, cells []string, noun any, people map[access.PersonID]string) error
	// foot is the newest signed head of the log, which whoever gets the export can keep:
	// see latchkey evidence verify. Empty for none.
	foot(checkpoint string)
	close() error
}

func (o ExportOptions) writer(w io.Writer) (sink, error) {
	switch o.Format {
	case JSON:
		return &jsonSink{enc: json.NewEncoder(w)}, nil
	case HTML:
		return &htmlSink{w: w}, nil
	case CSV:
		if len(o.Parts) != 1 {
			return nil, errors.New("a CSV file holds one table: choose requests, grants or events")
		}
		return &csvSink{w, csv.NewWriter(w)}, nil
	default:
		return nil, fmt.Errorf("there is no format %q: choose json, csv or html", o.Format)
	}
}

func (o ExportOptions) write(ctx context.Context, n *names, part Part, out sink) error {
	switch part {
	case Requests:
		return exportPages(ctx, out, part, table[access.Request]{requestColumns(n), kept(o.Only.request, bareRequest), n.ofRequest}, func(after string) ([]access.Request, error) {
			return store.AllRequests(n.tx, after, page)
		}, func(r access.Request) string { return r.ID })
	case Grants:
		return exportPages(ctx, out, part, table[access.Grant]{grantColumns(n), kept(o.Only.grant, o.bareGrant), n.ofGrant}, func(after string) ([]access.Grant, error) {
			return store.AllGrants(n.tx, after, page)
		}, func(g access.Grant) string { return g.ID })
	case Events:
		return o.exportEvents(ctx, n, out)
	default:
		return fmt.Errorf("there is no part %q: choose requests, grants or events", part)
	}
}

// table says how one sort of noun is written.
type table[T any] struct {
	columns []column[T]
	bare    func(T) any // nothing: it is left out
	people  func(T) map[access.PersonID]string
}

// exportPages writes one noun, page by page.
func exportPages[T any](ctx context.Context, out sink, part Part, t table[T], next func(after string) ([]T, error), id func(T) string) error {
	if err := out.begin(part, header(t.columns)); err != nil {
		return err
	}
	for after := ""; ; {
		all, err := next(after)
		if err != nil || len(all) == 0 {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, v := range all {
			after = id(v)
			noun := t.bare(v)
			if noun == nil {
				continue
			}
			if err := out.put(part, row(t.columns, v), noun, t.people(v)); err != nil {
				return err
			}
		}
	}
}

func (o ExportOptions) exportEvents(ctx context.Context, n *names, out sink) error {
	columns := eventColumns(n, o.Stable)
	if err := out.begin(Events, header(columns)); err != nil {
		return err
	}
	return each(n.tx, store.Filter{}, 0, func(e access.Event) error {
		if o.Stable && e.Request == "" || !o.Only.event(e) {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return out.put(Events, row(columns, e), bareEvent(e, o.Stable), n.ofEvent(e))
	})
}

// kept leaves out what isn't wanted.
func kept[T any](wanted func(T) bool, bare func(T) any) func(T) any {
	return func(v T) any {
		if !wanted(v) {
			return nil
		}
		return bare(v)
	}
}

// bareRequest is the request without its version.
func bareRequest(r access.Request) any {
	r.Issue.Creator = "" // an account in Jira, which may be a person's
	return struct {
		access.Request
		Version *uint64 `json:",omitempty"`
	}{Request: r}
}

// bareGrant is the grant without its version; nil if it is left out.
func (o ExportOptions) bareGrant(g access.Grant) any {
	if o.Stable && g.Request == "" {
		return nil
	}
	return struct {
		access.Grant
		Version *uint64 `json:",omitempty"`
	}{Grant: g}
}

// bareEvent is the event, without its place in the log if the export is stable.
func bareEvent(e access.Event, stable bool) any {
	if !stable {
		return e
	}
	e.Place = 0
	return e
}

type jsonSink struct {
	enc        *json.Encoder
	checkpoint string
}

func (s *jsonSink) head(log, key string) error {
	return s.enc.Encode(map[string]any{"log": map[string]string{"name": log, "signed_with": key}})
}

func (*jsonSink) begin(Part, []string) error { return nil }

func (s *jsonSink) put(part Part, _ []string, noun any, people map[access.PersonID]string) error {
	return s.enc.Encode(map[string]any{strings.TrimSuffix(string(part), "s"): noun, "people": people})
}

func (s *jsonSink) foot(checkpoint string) { s.checkpoint = checkpoint }

func (s *jsonSink) close() error {
	if s.checkpoint == "" {
		return nil
	}
	return s.enc.Encode(map[string]string{"checkpoint": s.checkpoint})
}

type csvSink struct {
	raw io.Writer
	w   *csv.Writer
}

// byteOrderMark tells spreadsheets that a file is UTF-8: without it, Excel reads it in
// the alphabet of the machine.
const byteOrderMark = "\ufeff"

func (*csvSink) head(string, string) error { return nil } // it is one table

func (s *csvSink) begin(_ Part, header []string) error {
	if _, err := io.WriteString(s.raw, byteOrderMark); err != nil {
		return err
	}
	return s.w.Write(header)
}

func (s *csvSink) put(_ Part, cells []string, _ any, _ map[access.PersonID]string) error {
	for i, c := range cells {
		cells[i] = Harmless(c)
	}
	return s.w.Write(cells)
}

// foot has no place in a table: the command prints it beside.
func (*csvSink) foot(string) {}

func (s *csvSink) close() error {
	s.w.Flush()
	return s.w.Error()
}

// htmlSink writes one page with a table for each part.
type htmlSink struct {
	w     io.Writer
	open  bool // a table is begun
	begun bool // the page is begun
	last  string
}

const (
	pageHead = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Latchkey: evidence</title><style>
body{font:14px/1.4 system-ui,sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:2em}
th,td{border:1px solid #ccc;padding:.3em .5em;text-align:left;vertical-align:top;white-space:pre-wrap}th{background:#f4f4f4}
</style></head><body><h1>Latchkey: evidence</h1>
`
	tableEnd = "</tbody></table>\n"
	pageEnd  = "</body></html>\n"
)

func (s *htmlSink) head(log, key string) error {
	s.begun = true
	return s.write(pageHead + "<p>The log is " + template.HTMLEscapeString(log) + ". Its record in Jira is signed with the key " + template.HTMLEscapeString(key) + ".</p>\n")
}

func (s *htmlSink) begin(part Part, header []string) error {
	var b strings.Builder
	if !s.begun {
		b.WriteString(pageHead)
	}
	if s.open {
		b.WriteString(tableEnd)
	}
	s.begun, s.open = true, true
	b.WriteString("<h2>" + template.HTMLEscapeString(string(part)) + "</h2>\n<table><thead><tr>")
	for _, h := range header {
		b.WriteString("<th>" + template.HTMLEscapeString(h) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>\n")
	return s.write(b.String())
}

func (s *htmlSink) put(_ Part, cells []string, _ any, _ map[access.PersonID]string) error {
	var b strings.Builder
	b.WriteString("<tr>")
	for _, c := range cells {
		b.WriteString("<td>" + template.HTMLEscapeString(c) + "</td>")
	}
	b.WriteString("</tr>\n")
	return s.write(b.String())
}

func (s *htmlSink) foot(checkpoint string) { s.last = checkpoint }

func (s *htmlSink) close() error {
	if !s.open {
		return nil
	}
	end := tableEnd
	if s.last != "" {
		end += "<h2>The newest signed head of the log</h2>\n<p>Keep it: it shows later that nothing before it was changed.</p>\n<pre>" + template.HTMLEscapeString(s.last) + "</pre>\n"
	}
	return s.write(end + pageEnd)
}

func (s *htmlSink) write(text string) error {
	_, err := io.WriteString(s.w, text)
	return err
}
