package plan

import "slices"

// mostNames is how many names are kept of a line; how many there are is counted.
const mostNames = 100

// one is whom, or what, a line counts.
type one struct {
	name string
	kind int // place among the kinds of people, from 1; 0: it is somebody
}

// gathered are those whom a line is about.
type gathered struct {
	count int
	names []string // the first ones, in order
	kinds []int
}

func (g *gathered) add(o one) {
	if o.kind > 0 {
		g.kinds = append(g.kinds, o.kind-1)
		return
	}
	g.count++
	at, _ := slices.BinarySearch(g.names, o.name)
	if at < mostNames {
		g.names = slices.Insert(g.names, at, o.name)
		g.names = g.names[:min(len(g.names), mostNames)]
	}
}
