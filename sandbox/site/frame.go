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
		{"clock", s.clock(v)}, {"bot", s.botState()}, {"faults", s.faultList()}, {"tour", s.tourPieces(v)},
		{"people", s.peopleList(v)},
		{"places", s.placeList(v)}, {"title", s.title(v)}, {"messages", s.messages(v)}, {"thread", s.thread(v)}, {"composer", s.composer(v)},
		{"modal-head", s.modalHead(v)}, {"modal-blocks", s.modalBlocks(v)}, {"modal-foot", s.modalFoot(v)},
		{"issues", s.issueList(v)}, {"issue", s.issue(v)}, {"groups", s.groups()},
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
	sums  map[string]uint64
	order map[string]string
}

func newShown() *shown {
	return &shown{seed: maphash.MakeSeed(), sums: map[string]uint64{}, order: map[string]string{}}
}

// diff is what a browser lacks, which it has from then on.
func (h *shown) diff(frame []region) (patches []patch) {
	for _, r := range frame {
		p := patch{ID: r.ID, Order: []string{}, Put: map[string]string{}}
		for _, one := range r.Pieces {
			p.Order = append(p.Order, one.Key)
			sum, key := maphash.String(h.seed, one.HTML), r.ID+"\x00"+one.Key
			if had, known := h.sums[key]; !known || had != sum {
				h.sums[key], p.Put[one.Key] = sum, one.HTML
			}
		}
		order := strings.Join(p.Order, "\x00")
		if had, known := h.order[r.ID]; len(p.Put) > 0 || !known || had != order {
			h.order[r.ID], patches = order, append(patches, p)
		}
	}
	return patches
}
