package vectorgrad.tensor;

/// How [Tensor#scatterReduce] joins the elements that meet at one place with the one that is there.
public enum ScatterReduction {
  /// The sum, as [Tensor#scatterAdd(int, Tensor, Tensor)].
  SUM,
  /// The product.
  PROD,
  /// The sum divided by how many joined it.
  MEAN,
  /// The largest; NaN if there is one.
  MAX,
  /// The smallest; NaN if there is one.
  MIN
}
