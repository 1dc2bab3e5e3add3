# module: Base.Sort
# Sorting by the names under which programs choose how.

import ..Base: Algorithm, InsertionSort, MergeSort, QuickSort, PartialQuickSort, InsertionSortAlg, MergeSortAlg, QuickSortAlg, DEFAULT_STABLE, DEFAULT_UNSTABLE, issorted, searchsorted, searchsortedfirst, searchsortedlast, insorted, partialsort, partialsort!, partialsortperm, partialsortperm!, sort, sort!, sortperm, sortperm!, sortslices
import ..Base.Order: Ordering, ForwardOrdering, ReverseOrdering, Forward, Reverse, By, Lt, Perm, lt, ord
export issorted, searchsorted, searchsortedfirst, searchsortedlast, insorted, partialsort, partialsort!, partialsortperm, partialsortperm!, sort, sort!, sortperm, sortperm!, sortslices, InsertionSort, MergeSort, QuickSort, PartialQuickSort
