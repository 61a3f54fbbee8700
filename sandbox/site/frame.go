package site

import (
	"hash/maphash"
	"strings"

	g "maragu.dev/gomponents"
)

// piece is a part of the page that is drawn anew by itself, in one element.
type piece struct{ Key, HTML string }

// region is an element of the page, by its id, and the pieces in it.
type region struct {
	ID     string
	Pieces []piece
}

// keyed draws a piece.
func keyed(key, tag string, nodes ...g.Node) piece {
	return piece{key, drawn(g.El(tag, append([]g.Node{g.Attr("data-key", key)}, nodes...)...))}
}

func drawn(n g.Node) string {
	var b strings.Builder
	_ = n.Render(&b) // into memory
	return b.String()
}

// frame is everything on the page that can change.
func (s *Site) frame(v look) []region {
	return []region{
		{"clock", s.clock(v)}, {"bot", s.botState()}, {"faults", s.faultList()}, {"calendar", s.calendar(v)}, {"tour", append(s.terminalPieces(), s.tourPieces(v)...)},
		{"people", s.peopleList(v)},
		{"places", s.placeList(v)}, {"title", s.title(v)}, {"messages", s.messages(v)}, {"thread", s.thread(v)}, {"composer", s.composer(v)},
		{"modal-head", s.modalHead(v)}, {"modal-blocks", s.modalBlocks(v)}, {"modal-foot", s.modalFoot(v)},
		{"issues", s.issueList(v)}, {"issue", s.issue(v)}, {"uses", s.uses(v)}, {"groups", s.groups()},
	}
}

// patch is what became different in a region.
type patch struct {
	ID    string            `json:"id"`
	Order []string          `json:"order"`
	Put   map[string]string `json:"put,omitempty"`
}

// shown is what a browser has already, by region and key.
type shown struct {
	seed  maphash.Seed
	sums  map[string]map[string]uint64
	order map[string]string
}

func newShown() *shown {
	return &shown{seed: maphash.MakeSeed(), sums: map[string]map[string]uint64{}, order: map[string]string{}}
}

// diff is what a browser lacks, which it has from then on. What goes is drawn anew when it comes again.
func (h *shown) diff(frame []region) (patches []patch) {
	for _, r := range frame {
		p, now := patch{ID: r.ID, Order: []string{}, Put: map[string]string{}}, map[string]uint64{}
		for _, one := range r.Pieces {
			p.Order = append(p.Order, one.Key)
			now[one.Key] = maphash.String(h.seed, one.HTML)
			if had, known := h.sums[r.ID][one.Key]; !known || had != now[one.Key] {
				p.Put[one.Key] = one.HTML
			}
		}
		h.sums[r.ID] = now
		order := strings.Join(p.Order, "\x00")
		if had, known := h.order[r.ID]; len(p.Put) > 0 || !known || had != order {
			h.order[r.ID], patches = order, append(patches, p)
		}
	}
	return patches
}
