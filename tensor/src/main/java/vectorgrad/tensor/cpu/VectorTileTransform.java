package vectorgrad.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The maps of [TileTransform] with vectors of channels: additions in registers, between loads and
/// stores of whole vectors.
final class VectorTileTransform {
  private static final VectorSpecies<Float> SPECIES =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.bits()));
  private static final Class<? extends FloatVector> EXACT =
      SPECIES.vectorType().asSubclass(FloatVector.class);
  private static final int LANES = SPECIES.length();

  private VectorTileTransform() {}

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(SPECIES, from, at));
  }

  /// The upright sums of two columns are kept for the next tile.
  static void input(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    int line1 = places[4];
    int line2 = places[8];
    int line3 = places[12];
    int column = places[1];
    for (int c = 0; c < channels; c += LANES) {
      int p = at + c;
      FloatVector d1 = load(from, p + line1);
      FloatVector d2 = load(from, p + line2);
      FloatVector a0 = load(from, p).sub(d2);
      FloatVector a1 = d1.add(d2);
      FloatVector a2 = d2.sub(d1);
      FloatVector a3 = d1.sub(load(from, p + line3));
      p += column;
      d1 = load(from, p + line1);
      d2 = load(from, p + line2);
      FloatVector b0 = load(from, p).sub(d2);
      FloatVector b1 = d1.add(d2);
      FloatVector b2 = d2.sub(d1);
      FloatVector b3 = d1.sub(load(from, p + line3));
      for (int t = 0; t < tiles; t++) {
        p += column;
        d1 = load(from, p + line1);
        d2 = load(from, p + line2);
        FloatVector c0 = load(from, p).sub(d2);
        FloatVector c1 = d1.add(d2);
        FloatVector c2 = d2.sub(d1);
        FloatVector c3 = d1.sub(load(from, p + line3));
        p += column;
        d1 = load(from, p + line1);
        d2 = load(from, p + line2);
        FloatVector e0 = load(from, p).sub(d2);
        FloatVector e1 = d1.add(d2);
        FloatVector e2 = d2.sub(d1);
        FloatVector e3 = d1.sub(load(from, p + line3));
        int v = begin + t * pitch + c;
        a0.sub(c0).intoArray(to, v + targets[0]);
        b0.add(c0).intoArray(to, v + targets[1]);
        c0.sub(b0).intoArray(to, v + targets[2]);
        b0.sub(e0).intoArray(to, v + targets[3]);
        a1.sub(c1).intoArray(to, v + targets[4]);
        b1.add(c1).intoArray(to, v + targets[5]);
        c1.sub(b1).intoArray(to, v + targets[6]);
        b1.sub(e1).intoArray(to, v + targets[7]);
        a2.sub(c2).intoArray(to, v + targets[8]);
        b2.add(c2).intoArray(to, v + targets[9]);
        c2.sub(b2).intoArray(to, v + targets[10]);
        b2.sub(e2).intoArray(to, v + targets[11]);
        a3.sub(c3).intoArray(to, v + targets[12]);
        b3.add(c3).intoArray(to, v + targets[13]);
        c3.sub(b3).intoArray(to, v + targets[14]);
        b3.sub(e3).intoArray(to, v + targets[15]);
        a0 = c0;
        a1 = c1;
        a2 = c2;
        a3 = c3;
        b0 = e0;
        b1 = e1;
        b2 = e2;
        b3 = e3;
      }
    }
  }

  static void filter(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    for (int t = 0; t < tiles; t++) {
      for (int c = 0; c < channels; c += LANES) {
        int p = at + t * step + c;
        int v = begin + t * pitch + c;
        FloatVector g0 = load(from, p + places[0]);
        FloatVector g1 = load(from, p + places[1]);
        FloatVector g2 = load(from, p + places[2]);
        FloatVector h0 = load(from, p + places[6]);
        FloatVector h1 = load(from, p + places[7]);
        FloatVector h2 = load(from, p + places[8]);
        filterLine(g0, g1, g2, to, v, targets, 0);
        filterLine(h0, h1, h2, to, v, targets, 12);
        g0 = g0.mul(0.5f).add(h0.mul(0.5f));
        g1 = g1.mul(0.5f).add(h1.mul(0.5f));
        g2 = g2.mul(0.5f).add(h2.mul(0.5f));
        h0 = load(from, p + places[3]).mul(0.5f);
        h1 = load(from, p + places[4]).mul(0.5f);
        h2 = load(from, p + places[5]).mul(0.5f);
        filterLine(g0.add(h0), g1.add(h1), g2.add(h2), to, v, targets, 4);
        filterLine(g0.sub(h0), g1.sub(h1), g2.sub(h2), to, v, targets, 8);
      }
    }
  }

  private static void filterLine(
      FloatVector g0, FloatVector g1, FloatVector g2, float[] to, int v, int[] targets, int i) {
    FloatVector even = g0.mul(0.5f).add(g2.mul(0.5f));
    FloatVector odd = g1.mul(0.5f);
    g0.intoArray(to, v + targets[i]);
    even.add(odd).intoArray(to, v + targets[i + 1]);
    even.sub(odd).intoArray(to, v + targets[i + 2]);
    g2.intoArray(to, v + targets[i + 3]);
  }

  static void output(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    int column = places[1];
    int line = places[4];
    for (int t = tiles - 1; t >= 0; t--) {
      for (int c = 0; c < channels; c += LANES) {
        int p = at + t * step + c;
        int y = begin + t * pitch + c;
        FloatVector m1 = load(from, p + line);
        FloatVector m2 = load(from, p + 2 * line);
        FloatVector a0 = load(from, p).add(m1).add(m2);
        FloatVector b0 = m1.sub(m2).sub(load(from, p + 3 * line));
        p += column;
        m1 = load(from, p + line);
        m2 = load(from, p + 2 * line);
        FloatVector a1 = load(from, p).add(m1).add(m2);
        FloatVector b1 = m1.sub(m2).sub(load(from, p + 3 * line));
        p += column;
        m1 = load(from, p + line);
        m2 = load(from, p + 2 * line);
        FloatVector a2 = load(from, p).add(m1).add(m2);
        FloatVector b2 = m1.sub(m2).sub(load(from, p + 3 * line));
        p += column;
        m1 = load(from, p + line);
        m2 = load(from, p + 2 * line);
        FloatVector a3 = load(from, p).add(m1).add(m2);
        FloatVector b3 = m1.sub(m2).sub(load(from, p + 3 * line));
        a0.add(a1).add(a2).intoArray(to, y + targets[0]);
        a1.sub(a2).sub(a3).intoArray(to, y + targets[1]);
        b0.add(b1).add(b2).intoArray(to, y + targets[2]);
        b1.sub(b2).sub(b3).intoArray(to, y + targets[3]);
      }
    }
  }

  static void slope(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    for (int t = 0; t < tiles; t++) {
      for (int c = 0; c < channels; c += LANES) {
        int p = at + t * step + c;
        int v = begin + t * pitch + c;
        FloatVector a0 = load(from, p + places[0]);
        FloatVector a1 = load(from, p + places[1]);
        FloatVector b0 = load(from, p + places[2]);
        FloatVector b1 = load(from, p + places[3]);
        slopeLine(a0, a1, to, v, targets, 0);
        slopeLine(a0.add(b0), a1.add(b1), to, v, targets, 4);
        slopeLine(a0.sub(b0), a1.sub(b1), to, v, targets, 8);
        slopeLine(b0, b1, to, v, targets, 12);
      }
    }
  }

  private static void slopeLine(
      FloatVector d0, FloatVector d1, float[] to, int v, int[] targets, int i) {
    d0.intoArray(to, v + targets[i]);
    d0.add(d1).intoArray(to, v + targets[i + 1]);
    d0.sub(d1).intoArray(to, v + targets[i + 2]);
    d1.intoArray(to, v + targets[i + 3]);
  }

  static void weight(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    int column = places[1];
    int line = places[4];
    for (int t = 0; t < tiles; t++) {
      for (int c = 0; c < channels; c += LANES) {
        int p = at + t * step + c;
        int w = begin + t * pitch + c;
        for (int i = 0; i < 3; i++) {
          FloatVector u0 = upright(from, p, line, i);
          FloatVector u1 = upright(from, p + column, line, i).mul(0.5f);
          FloatVector u2 = upright(from, p + 2 * column, line, i).mul(0.5f);
          FloatVector u3 = upright(from, p + 3 * column, line, i);
          u0.add(u1.add(u2)).intoArray(to, w + targets[3 * i]);
          u1.sub(u2).intoArray(to, w + targets[3 * i + 1]);
          u1.add(u2).sub(u3).intoArray(to, w + targets[3 * i + 2]);
        }
      }
    }
  }

  private static FloatVector upright(float[] from, int p, int line, int i) {
    FloatVector u1 = load(from, p + line).mul(0.5f);
    FloatVector u2 = load(from, p + 2 * line).mul(0.5f);
    return switch (i) {
      case 0 -> load(from, p).add(u1.add(u2));
      case 1 -> u1.sub(u2);
      default -> u1.add(u2).sub(load(from, p + 3 * line));
    };
  }
}
