"""Makes the golden pictures beside it with OpenCV, by the published pipelines written out.

Needs OpenCV and NumPy (Debian: python3-opencv); run it in this folder. mmsegmentation's RandomResize,
RandomCrop, RandomFlip, PhotoMetricDistortion and Pad, semseg's RandRotate and RandomGaussianBlur,
with the numbers that AugmentationGoldenTest has.
"""
import cv2
import numpy as np

H, W = 43, 61
y, x = np.mgrid[0:H, 0:W].astype(np.float64)
rgb = np.stack([127 + 100 * np.sin(x / 9) * np.cos(y / 7), 40 + 3 * x, 220 - 4 * y], -1)
disc = (x - 40) ** 2 + (y - 17) ** 2 < 110
rgb[disc] = (200, 60, 30)
rgb = np.clip(rgb, 0, 255).astype(np.uint8)
labels = (y > 20).astype(np.uint8) + 2 * (x > 33).astype(np.uint8)
labels[disc] = 4
labels[(x < 6) & (y < 9)] = 255


def save(name, picture, ids):
    cv2.imwrite(name + ".png", picture[:, :, ::-1])
    cv2.imwrite(name + "-labels.png", ids)


save("original", rgb, labels)

# Resize by 1.37, crop 48 x 40 at (13, 7), flip.
size = (int(W * 1.37 + 0.5), int(H * 1.37 + 0.5))
resized = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)
ids = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST_EXACT)
crop = (slice(7, 47), slice(13, 61))
save("cropped", cv2.flip(resized[crop], 1), cv2.flip(ids[crop], 1))

# Pad to 72 x 50: the mean of ImageNet, ignore.
padded = cv2.copyMakeBorder(rgb, 0, 50 - H, 0, 72 - W, cv2.BORDER_CONSTANT, value=(124, 116, 104))
save("padded", padded, cv2.copyMakeBorder(labels, 0, 50 - H, 0, 72 - W, cv2.BORDER_CONSTANT, value=255))

# Turn by 7.3 degrees.
turn = cv2.getRotationMatrix2D((W / 2, H / 2), 7.3, 1)
turned = cv2.warpAffine(
    rgb, turn, (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(124, 116, 104))
ids = cv2.warpAffine(
    labels, turn, (W, H), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
save("turned", turned, ids)

save("blurred", cv2.GaussianBlur(rgb, (5, 5), 0), labels)


def convert(picture, alpha=1.0, beta=0.0):
    return np.clip(picture.astype(np.float32) * alpha + beta, 0, 255).astype(np.uint8)


def distorted(picture, brightness, contrast, first, saturation, hue):
    picture = convert(picture[:, :, ::-1], beta=brightness)
    if first:
        picture = convert(picture, alpha=contrast)
    hsv = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    hsv[:, :, 1] = convert(hsv[:, :, 1], alpha=saturation)
    hsv[:, :, 0] = (hsv[:, :, 0].astype(int) + hue) % 180
    picture = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    if not first:
        picture = convert(picture, alpha=contrast)
    return picture[:, :, ::-1]


save("distorted", distorted(rgb, 17, 1.3, True, 0.7, 12), labels)
save("distorted-last", distorted(rgb, -21, 0.6, False, 1.4, -15), labels)
